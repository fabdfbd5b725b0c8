// A bare grammY bot: a message with a button, and a press that edits it. Nothing is stored.
import http from 'node:http';
import { Bot, InlineKeyboard } from 'grammy';

const { listen, apiRoot, token } = JSON.parse(process.argv[2]!) as Record<string, string>;
const bot = new Bot(token!, { client: { apiRoot: apiRoot! } });
const keyboard = new InlineKeyboard().text('Acknowledge', 'ack');
bot.on('message', (context) => context.reply('Something is wrong', { reply_markup: keyboard }));
bot.on('callback_query:data', async (context) => {
  await context.answerCallbackQuery();
  await context.editMessageText('Acknowledged');
});
void bot.start();
http.createServer((_, response) => response.end('ready')).listen(Number(listen), '127.0.0.1');
