// The bridge between Node's http and the fetch-style page, so that the Bot API server can serve the page too.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one Node request with a fetch-style function; a closed connection cancels the answer's stream. */
export async function answerWeb(
  request: IncomingMessage,
  response: ServerResponse,
  page: (request: Request) => Promise<Response>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':'))
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await page(
    new Request(`http://${request.headers.host ?? 'sandbox'}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(hasBody ? { body: Buffer.concat(parts) } : {}),
    }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.flushHeaders();
  if (!answer.body) return void response.end();
  const reader = answer.body.getReader();
  response.once('close', () => void reader.cancel().catch(() => {}));
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || response.destroyed) break;
    response.write(value);
  }
  response.end();
}
