// One mail over one connection, and whether its words had gone out when something broke.
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { cut } from '#core/cut.ts';
import { mailPart } from './mail-part.ts';

export interface SmtpAccount {
  url: URL;
  /** `Tocsin <alerts@example.org>` */
  from: string;
}

/** `step`: which command was answered so. `wrote`: the mail itself had been begun. */
export type SmtpResult =
  | { is: 'taken' }
  | { is: 'answered'; code: number; text: string; step: string }
  | { is: 'broke'; why: string; wrote: boolean };

const totalMs = 10_000;

/**
 * Sends it. smtps:// is encrypted from the start; smtp:// must be by STARTTLS, but for a server on this machine, or with
 * `?starttls=no` in the address.
 */
export async function sendBySmtp(
  { url }: SmtpAccount,
  envelope: { from: string; to: string },
  mail: Buffer,
): Promise<SmtpResult> {
  const { SmtpConnection } = await mailPart();
  const secure = url.protocol === 'smtps:';
  const near = /^(localhost|127\.|\[?::1)/.test(url.hostname);
  const wanted = url.searchParams.get('starttls');
  const strict = wanted === 'required' || (!near && wanted !== 'no');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const connection = new SmtpConnection({
    host,
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: strict && !secure,
    // Nobody vouches for a server on this machine; the encryption there is only an extra.
    tls: { rejectUnauthorized: secure || strict, ...(isIP(host) === 0 ? { servername: host } : {}) },
    connectionTimeout: 4_000,
    greetingTimeout: 4_000,
    socketTimeout: 6_000,
  });
  return new Promise((resolve) => {
    let wrote = false;
    const timer = setTimeout(
      () => end({ is: 'broke', why: `no end within ${totalMs / 1000} s`, wrote }),
      totalMs,
    );
    const end = (result: SmtpResult) => {
      clearTimeout(timer);
      resolve(result);
      if (result.is === 'taken') connection.quit();
      else connection.close();
    };
    const failed = (error: Error) => end(readError(error, wrote));
    connection.on('error', failed);
    connection.on('end', () => end({ is: 'broke', why: 'the connection was cut', wrote }));
    // Read only when the server has said that it wants the mail now.
    const content = new Readable({
      read() {
        wrote = true;
        this.push(mail);
        this.push(null);
      },
    });
    const send = () =>
      connection.send({ from: envelope.from, to: [envelope.to] }, content, (error) =>
        error ? failed(error) : end({ is: 'taken' }),
      );
    connection.connect((error) => {
      if (error) return failed(error);
      const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
      if (user === '') return send();
      connection.login({ credentials: { user, pass } }, (refused) => (refused ? failed(refused) : send()));
    });
  });
}

function readError(error: Error, wrote: boolean): SmtpResult {
  const { code, responseCode, response, command } = error as Error & {
    code?: string;
    responseCode?: number;
    response?: string;
    command?: string;
  };
  if (typeof responseCode === 'number' && responseCode >= 400)
    return {
      is: 'answered',
      code: responseCode,
      text: cut(String(response ?? ''), 300),
      step: String(command ?? ''),
    };
  const why =
    code === 'ETLS' ? 'the connection could not be encrypted' : `the connection broke (${code ?? 'no code'})`;
  return { is: 'broke', why, wrote };
}
