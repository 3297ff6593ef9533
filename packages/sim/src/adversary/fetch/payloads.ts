// Addresses that a requester might put into a job to reach what is not the public web: the machine that fetches, its
// network, the cloud it runs in. `names` are what a hostile name server answers, one list for each time it is asked.

export interface FetchPayload {
  readonly name: string
  readonly url: string
  readonly names?: readonly (readonly string[])[]
}

/** Every way to write 127.0.0.1 that some parser takes. */
const loopback = [
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '017700000001',
  '0177.0.0.1',
  '0177.1',
  '0',
  '0.0.0.0',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[2001:db8::5efe:127.0.0.1]',
  '[2600::5efe:127.0.0.1]',
  '[2600::200:5efe:7f00:1]',
  '[fe80::5efe:7f00:1]',
]

/** One of each range that is nobody's public address. */
const ranges = [
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.0.1',
  '192.168.1.254',
  '169.254.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.127.255.254',
  '192.0.0.1',
  '192.0.0.170',
  '192.0.2.1',
  '198.18.0.1',
  '198.19.255.254',
  '198.51.100.7',
  '203.0.113.9',
  '192.88.99.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '0.1.2.3',
]

const ranges6 = [
  'fc00::1',
  'fd00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::a9fe:a9fe',
  'fec0::1',
  'ff02::1',
  'ff05::2',
  '100::1',
  '2001:db8::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2002:c0a8:101::1',
  '2002:a00:1::',
  '3fff::1',
  '5f00::1',
  '4000::1',
  '8000::1',
  'fd00:ec2::254',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:8.8.8.8',
  '::192.168.0.1',
  '64:ff9b::a00:1',
  '64:ff9b::808:808',
  '2001:0:a00:1::1',
]

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** What a URL may not be. */
const malformed = [
  'file:///etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'ftp://8.8.8.8/',
  'gopher://8.8.8.8:80/_x',
  'dict://8.8.8.8:80/',
  'ldap://8.8.8.8/',
  'data:text/html,hello',
  'javascript:alert(1)',
  'about:blank',
  'blob:http://8.8.8.8/x',
  'ws://8.8.8.8/',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/',
  'view-source:http://8.8.8.8/',
  'http://user@8.8.8.8/',
  'http://user:secret@8.8.8.8/',
  'http://8.8.8.8@127.0.0.1/',
  'http://127.0.0.1@8.8.8.8/',
  'http://:@8.8.8.8:22/',
  'http://8.8.8.8:22/',
  'http://8.8.8.8:25/',
  'http://8.8.8.8:443/',
  'https://8.8.8.8:80/',
  'http://8.8.8.8:6379/',
  'http://8.8.8.8:0/',
  'http://8.8.8.8:65536/',
  'http://8.8.8.8:-1/',
  'http://',
  'http:///',
  'http://[/',
  'http://[::1/',
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1%lo]/',
  'http://8.8.8.8%00.example/',
  'http://a b/',
  'http://exa\u0000mple.org/',
  '//127.0.0.1/',
  '/etc/passwd',
  '127.0.0.1',
  '',
  ' ',
  'x'.repeat(5_000),
  `http://8.8.8.8/${'x'.repeat(5_000)}`,
  'http:\\\\127.0.0.1\\',
  'http:127.0.0.1',
  'http://127.0.0.1\\@8.8.8.8/',
  'http://127.0.0.1#@8.8.8.8/',
  'http://127.0.0.1?@8.8.8.8/',
  'HTTP://LOCALHOST/',
  'http://localhost./',
  'http://ip6-localhost/',
]

/** Names that look public. */
function named(kind: string, names: readonly (readonly string[])[], i: number): FetchPayload {
  return {
    name: `${kind}: ${names.map((list) => list.join(' and ')).join(', then ')}`,
    url: `http://name${i}.example/`,
    names,
  }
}

const PUBLIC = '8.8.8.8'

/** With and without the port at which something listens that must never be reached. */
export function urlPayloads(canaryPort: number): readonly FetchPayload[] {
  const hosts = [...loopback, ...ranges, ...ranges6.map(bracketed)]
  const plain = (url: string): FetchPayload => ({ name: url.slice(0, 60), url })
  const resolved = [
    ...ranges,
    ...ranges6,
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    'fe80::1%lo',
    'not an address',
    '',
  ]
  return [
    ...hosts.map((host) => plain(`http://${host}/`)),
    ...loopback.map((host) => plain(`http://${host}:${canaryPort}/`)),
    ...malformed.map(plain),
    ...resolved.map((address, i) => named('a name', [[address]], i)),
    ...['127.0.0.1', '10.0.0.1', '::1', 'fd00::1'].flatMap((address, i) => [
      named('a name with several', [[PUBLIC, address]], 100 + i),
      named('a name with several', [[address, PUBLIC]], 200 + i),
    ]),
    named('a name without', [[]], 300),
  ]
}

/** Where a server of the public web may lead on to. */
export function redirectTargets(canaryPort: number): readonly string[] {
  return [
    // A header is ASCII.
    ...loopback.filter((host) => /^[\x20-\x7e]+$/.test(host)).map((host) => `http://${host}:${canaryPort}/`),
    ...['169.254.169.254', '10.0.0.1', '192.168.1.1', '[fd00:ec2::254]', '[fe80::1]'].map(
      (host) => `http://${host}/`,
    ),
    'file:///etc/passwd',
    'gopher://127.0.0.1:80/',
    'data:text/html,hello',
    'http://user:secret@8.8.8.8/',
    `//127.0.0.2:${canaryPort}/`,
    `\\\\127.0.0.2:${canaryPort}\\`,
    'http://rebound.example/',
  ]
}
