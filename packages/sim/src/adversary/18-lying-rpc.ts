// Adversary 18: an RPC that rolls back or lies. A client plays everything that a daemon does against it; whatever comes
// out is compared with the truth. Two of three endpoints that have to agree go on as if nothing was; with one honest
// endpoint of two nothing is done, but nothing wrong either; alone, a liar is believed what one endpoint can't reveal.
import { type RpcChain, rpcChain } from '@piecework/chain'
import { SeededRandom } from '@piecework/testkit'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { ACTS, type Act, played, type Verdict } from './lying-rpc/acts.ts'
import { LIAR_URL, LIAR_WS_URL, type Lie, lyingFetch, lyingSocket } from './lying-rpc/liar.ts'
import { lies, mutation } from './lying-rpc/lies.ts'
import { rollBack } from './lying-rpc/rollback.ts'
import { honestPorts, network, programId, startWorld, type World } from './lying-rpc/worlds.ts'
import type { Adversary, Size } from './types.ts'

/** Rounds of random changes to answers, on top of every lie in the list. */
const MUTATIONS: Readonly<Record<Size, number>> = { short: 2, full: 200 }
const ROLLBACKS: Readonly<Record<Size, number>> = { short: 1, full: 10 }
/** Clients at once: they mostly wait. */
const AT_ONCE = 16
/** For one act, in a client's milliseconds: the time given to a transaction, and a few rounds of calls before it. */
const LONGEST_ACT_MS = 300_000
/** Share of acts that are done beside two honest endpoints: all, but for those that a busy machine has no time for. */
const LIVELY = 0.9
/** A liar that swallows transactions is not waited for any longer, in a client's milliseconds. */
const SEND_MS = 40_000
/** For one call, in a client's milliseconds: an honest endpoint of a busy machine answers by then. */
const CALL_MS = 12_000

type Company = 'alone' | 'one of two' | 'one of three'

interface Trial {
  readonly company: Company
  readonly lie: Lie
  readonly act: Act
  readonly name: string
}

interface Played extends Trial {
  readonly verdict: Verdict
  readonly milliseconds: number
}

const HONEST: Readonly<Record<Company, number>> = { alone: 0, 'one of two': 1, 'one of three': 2 }

function trialsOf(size: Size): readonly Trial[] {
  const mutations = Array.from({ length: MUTATIONS[size] }, (_, round) => ({
    name: `change ${round}`,
    tell: mutation,
  }))
  const companies = Object.keys(HONEST) as readonly Company[]
  return companies.flatMap((company) =>
    ACTS.flatMap((act) =>
      [...lies(), ...mutations].map((lie) => ({
        company,
        lie,
        act,
        name: `${company} ${lie.name} ${act.name}`,
      })),
    ),
  )
}

async function run(size: Size): Promise<Measured> {
  const truth = await startWorld([1_000n, 2_000n, 3_000n])
  const fork = await startWorld([9_000n, 2_000n, 3_000n, 4_000n])
  try {
    const arena = new Arena(truth, fork)
    const names = Array.from({ length: ROLLBACKS[size] }, (_, round) => `rollback ${round}`)
    const [trials, rollbacks] = await Promise.all([
      arena.playAll(trialsOf(size)),
      Promise.all(names.map((name) => rollBack(truth, fork, name))),
    ])
    return measured(trials, {
      told: arena.told + rollbacks.reduce((sum, { told }) => sum + told, 0),
      afterRollback: rollbacks.reduce((sum, { actedOn }) => sum + actedOn, 0),
      rollbacks: rollbacks.length,
    })
  } finally {
    await Promise.all([truth.stop(), fork.stop()])
  }
}

class Arena {
  told = 0
  readonly #truth: World
  readonly #fork: World

  constructor(truth: World, fork: World) {
    this.#truth = truth
    this.#fork = fork
  }

  async playAll(trials: readonly Trial[]): Promise<readonly Played[]> {
    const done: Played[] = []
    const waiting = [...trials]
    const worker = async (): Promise<void> => {
      for (let trial = waiting.pop(); trial !== undefined; trial = waiting.pop())
        done.push(await this.#play(trial))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return done
  }

  async #play(trial: Trial): Promise<Played> {
    const { time } = honestPorts
    const began = time.now()
    const verdict = await played(trial.act, this.#client(trial), { truth: this.#truth, name: trial.name })
    return { ...trial, verdict, milliseconds: time.now() - began }
  }

  #client({ company, lie, name }: Trial): RpcChain {
    const [truth, fork] = [this.#truth, this.#fork]
    const lied = (): void => {
      this.told += 1
    }
    const random = new SeededRandom(name)
    const ports = {
      ...honestPorts,
      fetch: lyingFetch(lie, { truth, fork, random: () => random.float(), lied }),
      openSocket: lyingSocket(lied),
    }
    const liar = { url: LIAR_URL, wsUrl: LIAR_WS_URL }
    const honest = Array.from({ length: HONEST[company] }, () => ({ url: truth.url, wsUrl: truth.wsUrl }))
    const options = {
      programId,
      network,
      endpoints: [liar, ...honest],
      genesis: truth.genesis,
      timeoutMs: CALL_MS,
      sendMs: SEND_MS,
    }
    return rpcChain(options, ports)
  }
}

interface Counts {
  readonly told: number
  readonly afterRollback: number
  readonly rollbacks: number
}

function measured(trials: readonly Played[], { told, afterRollback, rollbacks }: Counts): Measured {
  const count = (company: Company, verdict: Verdict): number =>
    trials.filter((one) => one.company === company && one.verdict === verdict).length
  const actedOn = count('one of two', 'acted on a lie') + count('one of three', 'acted on a lie')
  const acts = trials.filter(({ company }) => company === 'one of three').length
  const longest = Math.max(...trials.map(({ milliseconds }) => milliseconds))
  return {
    figures: {
      'lies told': told,
      'kinds of lies': lies().length,
      acts: trials.length,
      rollbacks,
      'acted on': actedOn,
      'acted on after a rollback': afterRollback,
      'right beside one honest endpoint': count('one of two', 'right'),
      'right beside two honest endpoints': count('one of three', 'right'),
      'believed alone': count('alone', 'acted on a lie'),
      'longest act, ms': Math.round(longest),
    },
    bars: [
      atMost('acted on', actedOn, 0),
      atMost('acted on after a rollback', afterRollback, 0),
      atLeast('share right beside two honest endpoints', count('one of three', 'right') / acts, LIVELY),
      atMost('longest act, ms', Math.round(longest), LONGEST_ACT_MS),
    ],
  }
}

export const adversary: Adversary = {
  number: 18,
  name: 'lying RPC',
  about: 'An RPC endpoint rolls back, lies or hangs in every way it can: nothing it says alone is acted on.',
  run,
}
