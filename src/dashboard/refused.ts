// A refusal of this room as an RFC 9457 problem document.

const codes: Record<number, string> = {
  400: 'bad_body',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  503: 'unavailable',
};

/** The refusal as an answer. */
export function refused(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const document = { type: `urn:tocsin:problem:${codes[status] ?? 'broken'}`, title, status, detail };
  return new Response(JSON.stringify(document), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
