// The verifiers that a command asks: none of them holds it for longer than what it asks for may take.
import { DATA_WHOLE_BYTES, DataAnswers, protocols } from '@piecework/network'
import { keyFromSecret } from '@piecework/protocol'
import { MemoryNetworks } from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { expect, it } from 'vitest'
import { sha256 } from '../src/common/sha256.ts'
import { Verifiers } from '../src/common/verifiers.ts'

it.each([1, 3])(
  'something long is given up where %d of 3 verifiers give its first piece and no other',
  async (holding) => {
    const harness = memoryHarness()
    const net = new TestNetwork(harness)
    await net.begin(localParams({}))
    const networks = new MemoryNetworks()
    const network = networks.join(new Uint8Array(32).fill(1))
    await network.start()
    const long = new Uint8Array(DATA_WHOLE_BYTES + 1).fill(7)
    for (const id of net.voteKeys.keys()) {
      const key = sha256(new TextEncoder().encode(`key of vote key ${id}`))
      const verifier = networks.join(keyFromSecret(key).publicKey)
      const answers = new DataAnswers(async () => long)
      verifier.answer(protocols.data, (question) => answers.data(question))
      verifier.answer(protocols.piece, (question) =>
        id < holding && question.at > 0 ? new Promise(() => {}) : answers.piece(question),
      )
      await verifier.start()
    }
    // By then all has come that can.
    const time = { now: () => 0, wait: () => turns(200) }
    const found = await new Verifiers(harness.chain, network, time).content(sha256(long)).catch(String)
    if (holding < 3) expect(found).toEqual(long)
    else expect(found).toContain('None of 3 verifiers answers')
  },
)

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((next) => setImmediate(next))
}
