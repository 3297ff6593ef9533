import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, readKeyFile, writeKeyFile } from '@piecework/api'
import { networkAddress, signerFromSecret } from '@piecework/chain'
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { nameHash, programId } from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSettler, type SettlerConfig, settlerConfig, settling } from '../src/index.ts'
import { KeptLog } from './support/log.ts'

const LISTEN = '/ip4/127.0.0.1/tcp/0'

describe('an opened settler', () => {
  let folder: string
  let localnet: Localnet

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settler-'))
    localnet = await startLocalnet({ slotMs: 0 })
    await localnet.tick(10)
    await writeKeyFile(join(folder, 'wallet.json'), localnet.fundedKey.subarray(0, 32))
  })

  afterAll(async () => {
    await localnet.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function config(): SettlerConfig {
    const funded = signerFromSecret(localnet.fundedKey.subarray(0, 32))
    const text = `
network: ${networkAddress(programId, funded.address, nameHash)}
program: ${programId}
rpc: [${localnet.url}]
folder: ${join(folder, 'data')}
key: ${join(folder, 'key.json')}
wallet: ${join(folder, 'wallet.json')}
listen: [${LISTEN}]
preset: local
api: { port: 0 }
relay: { fee: 20, newAccountFee: "30" }
`
    return readConfig(settlerConfig, { text, where: 'settler.yaml' })
  }

  it('serves its status, says why it is not ready, and stops', async () => {
    const log = new KeptLog()
    const settler = await openSettler(config(), log)
    await settler.start()
    try {
      const get = async (path: string): Promise<Response> => fetch(`${settler.url()}${path}`)
      expect(await (await get('/healthz')).json()).toEqual({ ok: true })
      const ready = await get('/readyz')
      expect([ready.status, await ready.text()]).toEqual([
        503,
        expect.stringContaining('has not read the network'),
      ])
      const status = await (await get('/status')).json()
      expect(status).toMatchObject({ address: localnet.fundedAddress, slot: null, feesEarned: '0' })
      expect(await (await get('/metrics')).text()).toContain('piecework_settler_done_total')
      await expect.poll(() => log.events('slot-failed').length).toBe(1)
    } finally {
      await settler.stop()
      await settler.stop()
    }
    await expect(fetch(`${settler.url}/healthz`)).rejects.toThrow()
  })

  it('keeps the key that others know it by', async () => {
    const key = (): Promise<Uint8Array> => readKeyFile(join(folder, 'key.json'))
    await openSettler(config(), new KeptLog())
    const made = await key()
    await openSettler(config(), new KeptLog())
    expect(await key()).toEqual(made)
  })

  it('refuses keys that it does not know, and wallets that are none', async () => {
    const sources = { text: 'relay: { fees: 3 }', where: 'settler.yaml' }
    expect(() => readConfig(settlerConfig, sources)).toThrow('fees')
    const wallet = join(folder, 'nothing.json')
    await expect(openSettler({ ...config(), wallet }, new KeptLog())).rejects.toThrow('there is no such file')
  })
})

describe('what a settler asks', () => {
  it('is nothing, where nothing is said', () => {
    expect(settling.parse({})).toMatchObject({
      relay: { fee: 0n, newAccountFee: 0n, leastFee: 0n },
      lowBalance: 100_000_000n,
      priority: 0n,
    })
  })

  it('is written as whole numbers, or as text where they are too large', () => {
    const { relay, lowBalance } = settling.parse({ relay: { fee: '18446744073709551615' }, lowBalance: 0.5 })
    expect([relay.fee, lowBalance]).toEqual([18_446_744_073_709_551_615n, 500_000_000n])
    for (const fee of [-1, 0.5, '1.5', 'free', '']) expect(() => settling.parse({ relay: { fee } })).toThrow()
  })
})
