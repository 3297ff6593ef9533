// What only needs the chain: a network is founded, staked in and begun, jobs are listed and closed; on the real program.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { programBytes } from '@piecework/program'
import { readStateFile } from '@piecework/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM_ADDRESS } from '../src/common/program.ts'
import { EXIT } from '../src/errors.ts'
import { type Played, piecework } from './support/io.ts'

let folder = ''
let localnet: Localnet
const SLOT_MS = 200

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-cli-'))
  const programs = [{ address: PROGRAM_ADDRESS, elf: programBytes() }]
  localnet = await startLocalnet({ slotMs: SLOT_MS, keyFile: join(folder, 'founder.json'), programs })
})
afterAll(async () => {
  await localnet.stop()
  rmSync(folder, { recursive: true })
})

const play = (...argv: readonly string[]): Promise<Played> =>
  piecework({ folder, env: { PIECEWORK_INVITE: 'created.yaml' } }, ...argv, '--json')

async function does(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, err, json } = await play(...argv)
  expect(code, err.join('\n')).toBe(EXIT.ok)
  return json()
}

async function newKey(name: string): Promise<string> {
  return String((await does('key', 'new', `${name}.json`))['address'])
}

describe('a network', () => {
  it('is founded from its network.yaml, with those it vouches for', async () => {
    await does('network', 'init', 'network.yaml', '--name', 'demo')
    const [node, wallet] = [await newKey('node'), await newKey('wallet')]
    const nodes = `nodes: [{ key: ${node}, wallet: ${wallet}, kinds: { compute: 9 }, vouched: 2.5 }]`
    const text = readFileSync(join(folder, 'network.yaml'), 'utf8')
    writeFileSync(
      join(folder, 'network.yaml'),
      text
        .replace('http://127.0.0.1:8899', localnet.url)
        .replace('params: {}', 'params: { minStake: 50, trialRows: 7 }')
        .replace('nodes: []', nodes),
    )
    const made = await does('network', 'create', 'network.yaml', '--key', 'founder.json')
    expect(made).toMatchObject({ name: 'demo', rpc: [localnet.url], program: PROGRAM_ADDRESS })
    const { state } = readStateFile(new Uint8Array(readFileSync(join(folder, 'genesis.bin'))))
    expect(state.nodes).toMatchObject([{ vouched: 2_500_000n, kinds: [{ kind: 1, capacity: 9 }] }])
    expect(state.workforces[0]?.kinds[0]?.capacities[0]).toBe(7)
  })

  it('is founded once', async () => {
    const { code, json } = await play('network', 'create', 'network.yaml', '--key', 'founder.json')
    expect(code).toBe(EXIT.refused)
    expect(json()['error']).toMatchObject({ message: expect.stringContaining('choose another name') })
  })

  it.each([
    ['preset: local', 'preset: loud', 'preset'],
    ['trialRows: 7', 'trailRows: 7', 'no parameter'],
    ['trialRows: 7', 'trialRows: 0.5', 'whole number'],
    ['minStake: 50', 'minStake: -1', 'no amount'],
    ['compute: {}', 'compile: {}', "'compile'"],
    ['name: demo', 'nmae: demo', 'line'],
  ])('%s as %s is refused before anything is paid', async (from, to, says) => {
    const text = readFileSync(join(folder, 'network.yaml'), 'utf8').replace('name: demo', 'name: other')
    writeFileSync(join(folder, 'wrong.yaml'), text.replace(from, to).replace('nmae: other', 'nmae: x'))
    if (from === 'name: demo') writeFileSync(join(folder, 'wrong.yaml'), text.replace('name: other', to))
    const { code, err } = await play(
      'network',
      'create',
      'wrong.yaml',
      '--key',
      'founder.json',
      '--folder',
      'x',
    )
    expect(err.join('\n')).toContain(says)
    expect(code).toBe(EXIT.usage)
  })

  it('does not begin without verifiers', async () => {
    const { code, err } = await play('network', 'start', '--key', 'founder.json')
    expect(code).toBe(EXIT.refused)
    expect(err.join('\n')).toContain('without a verifier')
  })
})

describe('a verifier', () => {
  const stake = (...more: readonly string[]): Promise<Played> =>
    play('verifier', 'stake', '--operator', 'operator.json', '--listen', '/ip4/127.0.0.1/tcp/4001', ...more)

  it('needs the tokens that it stakes, and the least that is asked for', async () => {
    const operator = await newKey('operator')
    await does('network', 'fund', operator, '--key', 'founder.json', '--sol', '1')
    expect(await stake('--amount', '60')).toMatchObject({ code: EXIT.refused })
    await does('network', 'fund', operator, '--key', 'founder.json', '--tokens', '60.5')
    expect(await stake('--amount', '49')).toMatchObject({ code: EXIT.usage })
    expect(await stake('--amount', '61')).toMatchObject({ code: EXIT.refused })
  })

  it('stakes, and has a config that it can start with', async () => {
    const { code, json } = await stake('--amount', '60')
    expect(code).toBe(EXIT.ok)
    expect(json()).toMatchObject({ id: 0, dial: expect.stringMatching(/^\/ip4.*\/p2p\/12D3KooW/) })
    const config = readFileSync(join(folder, 'verifier', 'verifier.yaml'), 'utf8')
    expect(config).toContain(join(folder, 'genesis.bin'))
    expect(config).toContain('preset: local')
  })

  it('does not write over another', async () => {
    expect(await stake('--amount', '60')).toMatchObject({ code: EXIT.usage })
  })

  it('is seen with its stake, and the network begins', async () => {
    await does('network', 'start', '--key', 'founder.json')
    const shown = await does('network', 'show')
    expect(shown).toMatchObject({ started: true, lastFinal: -1, verifiers: [{ id: 0, stake: '60000000' }] })
    const numbers = (shown['epochs'] as readonly { readonly number: number }[]).map(({ number }) => number)
    expect(numbers.toSorted((a, b) => a - b)).toEqual([0, 1])
    expect(
      (await piecework({ folder }, 'network', 'show', '--network', 'created.yaml')).out.join('\n'),
    ).toContain('60 staked (100 %)')
  })
})

describe('an invite', () => {
  it('leads to the network from anywhere', async () => {
    const { invite } = await does('network', 'invite', '--bootstrap', '/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWx')
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    const { code, json } = await piecework(
      { folder: elsewhere },
      'job',
      'list',
      '--network',
      String(invite),
      '--json',
    )
    expect([code, json()]).toEqual([EXIT.ok, []])
  })
})

describe('a settler and a node', () => {
  it('get their configs', async () => {
    const joined = await does(
      'settler',
      'join',
      '--wallet',
      'operator.json',
      '--listen',
      '/ip4/127.0.0.1/tcp/4002',
    )
    expect(joined).toMatchObject({ dial: expect.stringContaining('/tcp/4002/p2p/') })
    const { invite } = await does('network', 'invite')
    const asked = await play('node', 'join', String(invite), '--wallet', 'wallet.json', '--no-start')
    expect(asked).toMatchObject({ code: EXIT.usage })
    await does('node', 'join', String(invite), '--wallet', 'wallet.json', '--no-start', '--yes')
    const config = readFileSync(join(folder, 'node', 'node.yaml'), 'utf8')
    expect(config).toContain('enrolment: enrolment.bin')
    expect(config).not.toContain(readFileSync(join(folder, 'wallet.json'), 'utf8').slice(1, 20))
  })

  it('that does not run says how it is started', async () => {
    // The discard port: nothing answers there.
    const env = { PIECEWORK_API_PORT: '9' }
    const { code, err } = await piecework({ folder, env }, 'node', 'status')
    expect(code).toBe(EXIT.unreachable)
    expect(err.join('\n')).toContain('Start it: piecework node start node')
  })

  it('whose wallet is elsewhere gets a text to sign', async () => {
    const { invite } = await does('network', 'invite')
    const address = await newKey('away')
    const argv = [
      'node',
      'join',
      String(invite),
      '--wallet',
      address,
      '--folder',
      'far',
      '--no-start',
      '--yes',
    ]
    const { code, err } = await play(...argv)
    expect(code).toBe(EXIT.notYet)
    expect(err.join('\n')).toContain(`Wallet: ${address}`)
    const wrong = '1'.repeat(64)
    expect(await play(...argv, '--signature', wrong)).not.toMatchObject({ code: EXIT.ok })
  })
})
