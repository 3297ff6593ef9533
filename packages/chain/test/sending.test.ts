// What becomes of a transaction: told when enough endpoints say so, signed anew only when the earlier one can't land any
// more, and never left open.
import { Buffer } from 'node:buffer'
import { SystemProgram } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { keyOf, type SendOutcome, type SendRequest, signerFromSecret } from '../src/index.ts'
import {
  blockhashAt,
  Cluster,
  dead,
  hang,
  Refusal,
  type Script,
  type Scripted,
  scripted,
} from './support/scripted.ts'

const payer = signerFromSecret(new Uint8Array(32).fill(1))
const pay = SystemProgram.transfer({
  fromPubkey: keyOf(payer.address),
  toPubkey: keyOf(blockhashAt(1)),
  lamports: 1,
})
const request: SendRequest = { instructions: [pay], payer }

function send({ chain, time }: Scripted, changed: Partial<SendRequest> = {}): Promise<SendOutcome> {
  return time.during(chain.send({ ...request, ...changed }))
}

/** Everything that is asked about a status is answered with this. */
const saying = (status: unknown) => ({
  getSignatureStatuses: () => ({ context: { slot: 1_001 }, value: [status] }),
})

const landed = { slot: 1_001, confirmationStatus: 'confirmed', err: null }
const final = { ...landed, confirmationStatus: 'finalized' }
const seen = { ...landed, confirmationStatus: 'processed' }
const failed = { ...landed, err: { InstructionError: [0, { Custom: 1050 }] } }

const preflight = (err: unknown) => ({
  sendTransaction: () => new Refusal(-32002, 'Transaction simulation failed', { err, logs: ['a line'] }),
})

describe('a transaction', () => {
  const cluster = new Cluster()

  it('has landed when it is confirmed', async () => {
    const outcome = await send(scripted([cluster.endpoint(saying(landed))]))
    expect(outcome).toMatchObject({ kind: 'landed', slot: 1_001 })
  })

  it('has not landed by being seen, nor finally by being confirmed', async () => {
    const options = { sendMs: 20_000 }
    const one = scripted([cluster.endpoint(saying(seen))], options)
    expect(await send(one)).toMatchObject({ kind: 'unknown', error: { code: 'rpc/timeout' } })
    const two = scripted([cluster.endpoint(saying(landed))], options)
    expect(await send(two, { commitment: 'finalized' })).toMatchObject({ kind: 'unknown' })
    const three = scripted([cluster.endpoint(saying(final))], options)
    expect(await send(three, { commitment: 'finalized' })).toMatchObject({ kind: 'landed' })
  })

  it('that landed as a failure says why, and where', async () => {
    const outcome = await send(scripted([cluster.endpoint(saying(failed))]))
    expect(outcome).toMatchObject({
      kind: 'refused',
      slot: 1_001,
      error: { context: { program: 'StakeTooSmall' } },
    })
  })

  it.each([
    [{ InstructionError: [0, { Custom: 1022 }] }, 'program/refused', 'paused'],
    [{ InstructionError: [0, { Custom: 1 }] }, 'transaction/refused', 'Custom'],
    [{ InstructionError: [0, 'InvalidAccountData'] }, 'transaction/refused', 'InvalidAccountData'],
    ['AccountNotFound', 'transaction/refused', 'send some SOL'],
    [{ InsufficientFundsForRent: { account_index: 2 } }, 'transaction/refused', 'rent'],
    ['SomethingNew', 'transaction/refused', 'SomethingNew'],
  ])('that would fail is not sent: %o', async (err, code, words) => {
    const one = scripted([cluster.endpoint({ ...preflight(err), ...saying(null) })])
    const outcome = await send(one)
    expect(outcome).toMatchObject({ kind: 'refused', error: { code } })
    expect(outcome.kind === 'refused' && outcome.error.message).toContain(words)
    expect(outcome).not.toHaveProperty('slot')
  })

  it('that was passed on before is waited for', async () => {
    const outcome = await send(
      scripted([cluster.endpoint({ ...preflight('AlreadyProcessed'), ...saying(landed) })]),
    )
    expect(outcome.kind).toBe('landed')
  })

  it('whose blockhash an endpoint does not know yet is sent again, as it is', async () => {
    const signatures: string[] = []
    let sent = 0
    const late = new Cluster()
    late.onSend = (signature) => signatures.push(signature)
    const honest = late.endpoint()
    const unknown = new Refusal(-32002, 'Transaction simulation failed', {
      err: 'BlockhashNotFound',
      logs: [],
    })
    const lagging = late.endpoint({
      sendTransaction: (params) => {
        sent += 1
        return sent === 1 ? unknown : honest['sendTransaction']?.(params)
      },
      getSignatureStatuses: () => ({
        context: { slot: 1_001 },
        value: [signatures.length > 0 ? landed : null],
      }),
    })
    const outcome = await send(scripted([lagging]))
    expect(outcome.kind).toBe('landed')
    expect(signatures).toHaveLength(1)
  })

  it('is not signed for a blockhash that has just been rolled back', async () => {
    let asked = 0
    const rolling = cluster.endpoint({
      ...saying(landed),
      isBlockhashValid: () => {
        asked += 1
        return { context: { slot: 1_000 }, value: asked > 2 }
      },
    })
    expect((await send(scripted([rolling, rolling]))).kind).toBe('landed')
    const never = cluster.endpoint({ isBlockhashValid: () => ({ context: { slot: 1_000 }, value: false }) })
    await expect(send(scripted([never, never]))).rejects.toMatchObject({ code: 'rpc/disagree' })
  })

  it('of which nothing is heard may have landed', async () => {
    const one = scripted([cluster.endpoint({ getSignatureStatuses: hang })], { sendMs: 60_000 })
    expect(await send(one)).toMatchObject({ kind: 'unknown', error: { code: 'rpc/timeout' } })
    expect(one.time.now()).toBeLessThan(60_000 + 4 * 8_000)
    const two = scripted([cluster.endpoint({ sendTransaction: dead, getSignatureStatuses: dead })])
    expect(await send(two)).toMatchObject({ kind: 'unknown', error: { code: 'rpc/unreachable' } })
  })

  it('is not sent at all when there is nobody to send it to', async () => {
    const one = scripted([{ getGenesisHash: dead }])
    await expect(send(one)).rejects.toMatchObject({ code: 'rpc/unreachable' })
  })
})

describe('expiry', () => {
  /** The cluster lives on, two slots a second, and loses every transaction. */
  async function losing(
    cluster: Cluster,
    { chain, time }: Scripted,
    seconds: number,
  ): Promise<SendOutcome | 'open'> {
    let outcome: SendOutcome | 'open' = 'open'
    const sending = chain.send({ ...request, payer: { ...payer, sign } }).then((found) => {
      outcome = found
    })
    sending.catch(() => {})
    for (let second = 0; second < seconds && outcome === 'open'; second++) {
      cluster.slot += 2
      await time.advance(1_000)
    }
    return outcome
  }

  let signed: number[] = []
  let current = new Cluster()
  const sign: typeof payer.sign = (message) => {
    signed.push(current.slot)
    return payer.sign(message)
  }

  it('has the transaction signed anew, three times at most, when it can not land any more', async () => {
    const cluster = new Cluster()
    ;[signed, current] = [[], cluster]
    const one = scripted([cluster.endpoint()], { sendMs: 1_000_000 })
    expect(await losing(cluster, one, 1_000)).toEqual({ kind: 'expired', attempts: 3 })
    expect(signed).toHaveLength(3)
    const [first = 0, second = 0] = signed
    // A blockhash lives 150 blocks, and 32 more make the last of them final.
    expect(second - first).toBeGreaterThanOrEqual(150 + 32)
    expect(second - first).toBeLessThanOrEqual(150 + 32 + 64 + 10)
  })

  it('is not believed of an endpoint that is far ahead', async () => {
    const cluster = new Cluster()
    ;[signed, current] = [[], cluster]
    const ahead = cluster.endpoint({ getBlockHeight: () => 1_000_000 })
    const two = scripted([cluster.endpoint(), ahead])
    await expect(send(two, { payer: { ...payer, sign } })).rejects.toMatchObject({ code: 'rpc/disagree' })
    expect(signed).toHaveLength(0)
    const three = scripted([ahead, cluster.endpoint(), cluster.endpoint()], { sendMs: 1_000_000 })
    expect(await losing(cluster, three, 60)).toBe('open')
    expect(signed).toHaveLength(1)
  })

  it('sends the same transaction again and again until then', async () => {
    const cluster = new Cluster()
    ;[signed, current] = [[], cluster]
    const wires = new Set<string>()
    const signatures: string[] = []
    cluster.onSend = (signature) => {
      wires.add(signature)
      signatures.push(signature)
    }
    const one = scripted([cluster.endpoint()], { sendMs: 1_000_000 })
    await losing(cluster, one, 60)
    expect(wires.size).toBe(1)
    expect(signatures.length).toBeGreaterThan(10)
    expect(signatures.length).toBeLessThan(40)
  })

  it('is known only when no endpoint that has to agree has the transaction', async () => {
    const cluster = new Cluster()
    ;[signed, current] = [[], cluster]
    const knowing = cluster.endpoint(saying(seen))
    const two = scripted([cluster.endpoint(), knowing], { sendMs: 400_000 })
    expect(await losing(cluster, two, 500)).toMatchObject({ kind: 'unknown' })
    expect(signed).toHaveLength(1)
  })
})

describe('of two endpoints, one of which lies,', () => {
  const cluster = new Cluster()
  const lies: readonly [string, Script][] = [
    ['a forged confirmation', cluster.endpoint(saying(landed))],
    ['a forged finality', cluster.endpoint(saying(final))],
    ['a forged failure', cluster.endpoint(saying(failed))],
    ['another slot', cluster.endpoint(saying({ ...landed, slot: 1_002 }))],
    ['a slot to come', cluster.endpoint(saying({ ...landed, slot: 99_999_999 }))],
    ['a status that is none', cluster.endpoint(saying({ ...landed, confirmationStatus: 'sure' }))],
  ]

  it.each(lies)('%s is no outcome', async (_, lying) => {
    for (const pair of [
      [lying, cluster.endpoint()],
      [cluster.endpoint(), lying],
    ]) {
      const two = scripted(pair, { sendMs: 30_000 })
      expect((await send(two)).kind).toBe('unknown')
    }
  })

  it('a forged refusal does not stop a transaction that the other passes on', async () => {
    const lying = cluster.endpoint({ ...preflight('AccountNotFound'), ...saying(landed) })
    const outcome = await send(scripted([lying, cluster.endpoint(saying(landed))]))
    expect(outcome.kind).toBe('landed')
  })

  it('a forged blockhash is not signed', async () => {
    let signatures = 0
    const sign: typeof payer.sign = (message) => {
      signatures += 1
      const honest = Buffer.from(message).includes(Buffer.from(keyOf(blockhashAt(1_000)).toBytes()))
      return honest ? payer.sign(message) : Promise.reject(new Error('a forged blockhash'))
    }
    const forged = () => ({ context: { slot: 1_000 }, value: { blockhash: blockhashAt(5) } })
    const lying = cluster.endpoint({
      ...saying(landed),
      getLatestBlockhash: forged,
      isBlockhashValid: () => ({ context: { slot: 1_000 }, value: true }),
    })
    const two = scripted([lying, cluster.endpoint(saying(landed))])
    expect((await send(two, { payer: { ...payer, sign } })).kind).toBe('landed')
    expect(signatures).toBe(1)
  })
})
