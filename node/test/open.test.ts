// The whole of it, made as a main makes it: libp2p, level, the sandbox and the API; the chain is away.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeKeyFile } from '@piecework/api'
import { addressOf } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { expect, it } from 'vitest'
import { nodeConfig, openNode } from '../src/index.ts'
import { hashOf, Lines } from './support/scene.ts'

it('starts while neither chain nor peers are there, says so, and stops', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'piecework-node-'))
  await writeKeyFile(join(folder, 'key.json'), hashOf('a node'))
  const config = nodeConfig.parse({
    network: addressOf(hashOf('network')),
    program: addressOf(hashOf('program')),
    // Nobody listens there.
    rpc: ['http://127.0.0.1:9'],
    folder,
    key: join(folder, 'key.json'),
    wallet: addressOf(keyFromSecret(hashOf('wallet')).publicKey),
    preset: 'local',
    api: { port: 0 },
  })
  const log = new Lines()
  const node = await openNode(config, log)
  await node.start()
  const get = (path: string): Promise<Response> => fetch(`${node.url()}${path}`)
  expect(await (await get('/status')).json()).toMatchObject({
    node: addressOf(keyFromSecret(hashOf('a node')).publicKey),
    enrolled: false,
    peers: 0,
    earnings: { earned: '0', claimed: '0' },
    latencies: { count: 0 },
  })
  expect((await get('/readyz')).status).toBe(503)
  const withoutToken = await fetch(`${node.url()}/drain`, { method: 'POST' })
  expect(withoutToken.status).toBe(401)
  await expect.poll(() => log.count('chain-is-away'), { timeout: 60_000 }).toBe(1)
  await Promise.all([node.stop(), node.stop()])
  expect((await stat(join(folder, 'store'))).isDirectory()).toBe(true)
  await rm(folder, { recursive: true })
})
