// Sends one mail by the server at the address given, and prints what became of it.
import { sendPlainMail } from '#notify/plain-mail.ts';

const url = new URL(process.argv[2] ?? '');
const sent = await sendPlainMail({ url, from: 'alerts@example.org' }, 'ana@example.org', 'Hello', 0);
process.stdout.write(JSON.stringify(sent));
