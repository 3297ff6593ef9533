// A home of a lab: signs batches, and publishes each again until it is acknowledged.
import { timeOf } from '@piecework/chain'
import { NetworkError } from '@piecework/network'
import { libp2pNetwork } from '@piecework/network/libp2p'
import { h, readBatch, signBatch, u32le, ZERO_HASH } from '@piecework/protocol'
import { EPOCH, keyOf, NETWORK, secretOf } from './keys.ts'
import { type Said, settingForm, type Wish, wishForm } from './said.ts'

const AGAIN_MS = 1_000

const { name, bootstrap } = settingForm.parse(JSON.parse(process.argv[2] ?? ''))
const key = keyOf(name)
const chain: { readonly signed: Uint8Array; readonly hash: Uint8Array }[] = []
let wish: Wish = { batches: 0, acknowledged: 0 }
const time = timeOf(() => performance.now())
const network = libp2pNetwork(
  { networkId: NETWORK, secret: secretOf(name), role: 'home', listen: [], bootstrap, preset: 'local' },
  { time, random: Math.random },
)

function signNext(): void {
  const seq = chain.length
  const row = { job: 0, task: seq, units: 1, at: 0, commit: h('pw/commit', u32le(seq)) }
  const place = { networkId: NETWORK, epoch: EPOCH, nodeKey: key.publicKey, seq }
  const signed = signBatch({ ...place, prev: chain.at(-1)?.hash ?? ZERO_HASH, rows: [row] }, key.sign)
  chain.push({ signed, hash: readBatch(signed).hash })
}

async function publish(signed: Uint8Array): Promise<void> {
  try {
    await network.publish('batches', signed)
  } catch (error) {
    // Nobody listens for a while: it is published again.
    if (!(error instanceof NetworkError)) throw error
  }
}

process.on('message', (message) => {
  wish = wishForm.parse(message)
  while (chain.length < wish.batches) signNext()
})
await network.start()
const ready: Said = { ready: [] }
process.send?.(ready)
for (;;) {
  await Promise.all(chain.slice(wish.acknowledged).map(({ signed }) => publish(signed)))
  await time.wait(AGAIN_MS)
}
