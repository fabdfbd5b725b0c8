// Ways of writing addresses that must never be spoken to, a few hundred of them.

const four = [
  '127.0.0.1',
  '127.1.2.3',
  '10.0.0.1',
  '172.16.9.9',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '0.0.0.0',
  '224.0.0.251',
  '255.255.255.255',
  '192.0.2.7',
  '198.18.0.1',
  '240.0.0.1',
  '168.63.129.16',
];
const bytes = (ip: string) => ip.split('.').map(Number);
const whole = (ip: string) => bytes(ip).reduce((sum, byte) => sum * 256 + byte, 0);
const hex = (n: number, width = 0) => n.toString(16).padStart(width, '0');
const pair = (ip: string, at: number) => hex((bytes(ip)[at] ?? 0) * 256 + (bytes(ip)[at + 1] ?? 0));
const halves = (ip: string) => `${pair(ip, 0)}:${pair(ip, 2)}`;
const wide = (text: string) =>
  [...text].map((c) => (/[\d.]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join('');

const writings: ((ip: string) => string)[] = [
  (ip) => ip,
  (ip) => `${ip}.`,
  (ip) => String(whole(ip)),
  (ip) => `0x${hex(whole(ip), 8)}`,
  (ip) => `0${whole(ip).toString(8)}`,
  (ip) =>
    bytes(ip)
      .map((byte) => `0x${hex(byte)}`)
      .join('.'),
  (ip) =>
    bytes(ip)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  (ip) => `${bytes(ip)[0]}.${whole(ip) % 0x1000000}`,
  (ip) => `${bytes(ip)[0]}.${bytes(ip)[1]}.${whole(ip) % 0x10000}`,
  wide,
  (ip) => ip.replaceAll('.', '。'),
  (ip) => [...ip].map((c) => `%${hex(c.charCodeAt(0))}`).join(''),
  (ip) => `[::ffff:${ip}]`,
  (ip) => `[::ffff:${halves(ip)}]`,
  (ip) => `[0:0:0:0:0:ffff:${halves(ip)}]`,
  (ip) => `[::${ip}]`,
  (ip) => `[::ffff:0:${ip}]`,
  (ip) => `[64:ff9b::${ip}]`,
  (ip) => `[64:ff9b:1::${halves(ip)}]`,
  (ip) => `[2002:${halves(ip)}::1]`,
  (ip) => `[2001:0:${halves(ip)}::1]`,
];

const six =
  `::1 :: 0:0:0:0:0:0:0:1 fe80::1 fec0::1 fc00::1 fd00:ec2::254 fd12:3456::1 ff02::1 100::1 2001:db8::1 2001:2::1
  2001:10::1 2001:20::1 2001:1::1 3fff::1 5f00::1 4000::1 8000::1 ::2`.split(/\s+/);

/** Address and port with every trick around them that a URL allows. */
export function forbiddenUrls(port: number): string[] {
  const hosts = [...four.flatMap((ip) => writings.map((write) => write(ip))), ...six.map((ip) => `[${ip}]`)];
  const plain = hosts.map((host) => `http://${host}:${port}/x`);
  const own = `127.0.0.1:${port}`;
  const odd = [
    `https://${own}/`,
    `HTTP://${own}`,
    `http:\\\\${own}\\x`,
    `http:/${own}`,
    `http:${own}`,
    `http:////${own}`,
    ` http://${own} `,
    `http://${own.replace('127', '1\t27')}`,
    `http://user:secret@${own}/`,
    `http://user@example.org/`,
    `http://example.org@${own}/`,
    `http://example.org:80@${own}/`,
    `http://example.org%00@${own}/`,
    `http://[::1%25lo]:${port}/`,
    `file:///etc/passwd`,
    `ftp://${own}/`,
    `gopher://${own}/_x`,
    `data:text/plain,x`,
    `javascript:alert(1)`,
    `ws://${own}/`,
    `unix:///var/run/docker.sock`,
    `//${own}/`,
    own,
    '',
    'http://',
    `http://${'a'.repeat(3000)}.example/`,
    'http://example.org:25/',
    'http://example.org:6379/',
    'http://example.org:022/',
  ];
  return [...new Set([...plain, ...odd])];
}
