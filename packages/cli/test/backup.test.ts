// What a node can't lose goes to another machine in one file, and nothing is signed twice there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOf, parseAddress } from '@piecework/chain'
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { openNodeStore } from '@piecework/node'
import { programBytes } from '@piecework/program'
import { keyFromSecret, signBatch, ZERO_HASH } from '@piecework/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROGRAM_ADDRESS } from '../src/common/program.ts'
import { EXIT } from '../src/errors.ts'
import { piecework } from './support/io.ts'

const SLOT_MS = 200
let folder = ''
let localnet: Localnet
let network = ''

async function does(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, err, json } = await piecework({ folder }, ...argv, '--json')
  expect(code, err.join('\n')).toBe(EXIT.ok)
  return json()
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-backup-'))
  const programs = [{ address: PROGRAM_ADDRESS, elf: programBytes() }]
  localnet = await startLocalnet({ slotMs: SLOT_MS, keyFile: join(folder, 'founder.json'), programs })
  await does('network', 'init', 'network.yaml', '--name', 'demo')
  const text = readFileSync(join(folder, 'network.yaml'), 'utf8')
  writeFileSync(join(folder, 'network.yaml'), text.replace('http://127.0.0.1:8899', localnet.url))
  network = String((await does('network', 'create', 'network.yaml', '--key', 'founder.json'))['network'])
})
afterAll(async () => {
  await localnet.stop()
  rmSync(folder, { recursive: true })
})

const key = keyFromSecret(new Uint8Array(32).fill(7))
const configOf = (name: string) => ({ folder: join(folder, name, 'data'), network, contentMb: 16 })

function signed(epoch: number): Uint8Array {
  const networkId = bytesOf(parseAddress(network))
  const row = { job: 0, task: epoch, units: 1, at: 0, commit: ZERO_HASH }
  return signBatch(
    { networkId, epoch, nodeKey: key.publicKey, seq: 0, prev: ZERO_HASH, rows: [row] },
    key.sign,
  )
}

async function joined(name: string): Promise<void> {
  const wallet = String((await does('key', 'new', `${name}-wallet.json`))['address'])
  const who = ['--wallet', wallet, '--vouched', '--no-start']
  await does('node', 'join', 'created.yaml', '--folder', name, ...who, '--yes')
}

it('has a key that was used elsewhere sign nothing for what is under way', async () => {
  await joined('moved')
  const { signFromEpoch } = await does('node', 'sign-later', 'moved')
  const node = await openNodeStore(configOf('moved'))
  const busy = await piecework({ folder }, 'node', 'sign-later', 'moved')
  expect(busy.code).not.toBe(EXIT.ok)
  expect(busy.err.join('\n')).toContain('in use')
  expect(await node.guard.floor()).toBe(signFromEpoch)
  await expect(node.receipts.append(signed(1))).rejects.toMatchObject({ code: 'guard/too-old' })
  await node.receipts.append(signed(Number(signFromEpoch)))
  await node.close()
})

it('backs up a node and restores it elsewhere', async () => {
  await joined('old')
  await joined('new')
  const before = await openNodeStore(configOf('old'))
  await before.receipts.append(signed(1))
  const busy = await piecework({ folder }, 'node', 'backup', 'node.backup', '--folder', 'old')
  expect(busy.code).not.toBe(EXIT.ok)
  await before.close()
  await does('node', 'backup', 'node.backup', '--folder', 'old')
  const twice = await piecework({ folder }, 'node', 'backup', 'node.backup', '--folder', 'old')
  expect(twice.code).toBe(EXIT.usage)
  const { signFromEpoch } = await does('node', 'restore', 'node.backup', '--folder', 'new')
  const after = await openNodeStore(configOf('new'))
  const head = await after.receipts.head({ epoch: 1, nodeKey: key.publicKey })
  expect(head?.signed).toEqual(signed(1))
  await expect(after.receipts.append(signed(0))).rejects.toMatchObject({ code: 'guard/too-old' })
  await after.receipts.append(signed(Number(signFromEpoch)))
  await after.close()
})
