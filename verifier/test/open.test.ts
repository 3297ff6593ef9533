// The whole of it, made as a main makes it; the chain is away.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeKeyFile } from '@piecework/api'
import { addressOf } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { expect, it } from 'vitest'
import { openVerifier, verifierConfig } from '../src/index.ts'
import { hashOf } from './support/bare.ts'
import { Lines } from './support/lines.ts'

it('starts while no RPC endpoint answers, says why it is not ready, and stops', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'piecework-verifier-'))
  await writeKeyFile(join(folder, 'vote.json'), hashOf('a verifier'))
  const config = verifierConfig.parse({
    network: addressOf(hashOf('network')),
    program: addressOf(hashOf('program')),
    // Nobody listens there.
    rpc: ['http://127.0.0.1:9'],
    folder,
    key: join(folder, 'vote.json'),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    preset: 'local',
    api: { port: 0 },
  })
  const verifier = await openVerifier(config, new Lines())
  await verifier.start()
  const voteKey = addressOf(keyFromSecret(hashOf('a verifier')).publicKey)
  expect(await (await fetch(`${verifier.url()}/status`)).json()).toMatchObject({ voteKey, votes: 0 })
  expect((await fetch(`${verifier.url()}/readyz`)).status).toBe(503)
  const metrics = await (await fetch(`${verifier.url()}/metrics`)).text()
  expect(metrics).toMatch(/^piecework_verifier_peers 0$/m)
  await Promise.all([verifier.stop(), verifier.stop()])
  await rm(folder, { recursive: true })
})
