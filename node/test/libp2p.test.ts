// A node over real connections: hubs that it dials, gossip that forgets nothing it saw a moment ago, one hub that dies.
import { addressOf, timeOf } from '@piecework/chain'
import type { Network } from '@piecework/network'
import { libp2pNetwork } from '@piecework/network/libp2p'
import { afterEach, expect, it } from 'vitest'
import { makeNode } from '../src/index.ts'
import { echoKinds, echoSpec, noSandbox } from './support/echo.ts'
import { beginScene, hashOf, type Scene } from './support/scene.ts'
import { aStanding, ScriptedVerifier } from './support/verifier.ts'

const ports = { time: timeOf(() => performance.now()), random: Math.random }
const open: Network[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((network) => network.stop()))
})

function join(scene: Scene, secret: Uint8Array, bootstrap: readonly string[] | undefined): Network {
  const place =
    bootstrap === undefined
      ? ({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [] } as const)
      : ({ role: 'home', listen: [], bootstrap } as const)
  const network = libp2pNetwork({ networkId: scene.networkId, secret, preset: 'local', ...place }, ports)
  open.push(network)
  return network
}

/** Slots of a fiftieth of a second, until it is so. */
async function comesTo(scene: Scene, isSo: () => boolean): Promise<void> {
  const look = (): boolean => {
    if (isSo()) return true
    scene.time += 400
    scene.chain.tick()
    return false
  }
  await expect.poll(look, { interval: 20, timeout: 30_000 }).toBe(true)
}

it('works, delivers and is answered over libp2p, also when a hub is gone', async () => {
  const scene = await beginScene({ length: 500, challenge: 300 })
  const verifiers = scene.scripted.map(({ script }) => {
    const network = join(scene, hashOf(`key of vote key ${script.id}`), undefined)
    return new ScriptedVerifier({ ...script, network })
  })
  const job = await scene.job(1n, echoSpec())
  for (const [i, one] of verifiers.entries()) {
    await one.start()
    one.standing = aStanding
    for (const [hash, bytes] of scene.scripted[i]?.content ?? []) one.content.set(hash, bytes)
    one.deals.set(0, [{ job, task: 0 }])
  }
  const bootstrap = verifiers.flatMap(({ script }) => script.network.addresses().slice(0, 1))
  const network = join(scene, hashOf('the node'), bootstrap)
  await network.start()
  const config = {
    wallet: addressOf(scene.wallet),
    attributes: [],
    parallel: 1,
    claimFrom: 1n,
    preset: 'local',
  } as const
  const node = makeNode(config, {
    ...scene.ports,
    network,
    kinds: echoKinds,
    sandbox: noSandbox,
    time: ports.time,
  })
  await node.start()
  await comesTo(scene, () => node.status().batches.acknowledged === 1)

  // Of 6,000 in stake 5,000 are left: more than two thirds.
  await verifiers[0]?.script.network.stop()
  for (const one of verifiers.slice(1))
    one.deals.set(
      0,
      [0, 1].map((task) => ({ job, task })),
    )
  await comesTo(scene, () => node.status().batches.acknowledged === 2)
  expect(verifiers[1]?.batches.map(({ seq }) => seq)).toEqual([0, 1])

  await scene.net.postInventories(0)
  await scene.net.seal(0)
  await comesTo(scene, () => node.status().delivered >= 4)
  const delivered = verifiers.slice(1).map((one) => one.delivered.flatMap(({ openings }) => openings).length)
  expect(delivered).toEqual([2, 2])
  await node.stop()
})
