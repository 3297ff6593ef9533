// What has happened between two looks at the local network, as lines for people.
import type { Epoch } from '@piecework/chain'
import { tokensOf } from '../common/money.ts'
import type { Sight } from './sight.ts'

export function newsOf(before: Sight | undefined, now: Sight, decimals: number): readonly string[] {
  return [...epochNews(before, now), ...nodeNews(before, now, decimals), ...resultNews(before, now)]
}

function epochNews(before: Sight | undefined, { state, slot }: Sight): string[] {
  if (!state.network.started) return []
  const known = new Map(before?.state.epochs.map((epoch) => [epoch.number, phaseOf(epoch, before.slot)]))
  return state.epochs.flatMap((epoch) => {
    const phase = phaseOf(epoch, slot)
    return phase === undefined || known.get(epoch.number) === phase ? [] : [`epoch ${epoch.number}: ${phase}`]
  })
}

/** Undefined before it begins. */
function phaseOf(epoch: Epoch, slot: number): string | undefined {
  if (epoch.number < 0 || epoch.state === 'empty' || slot < epoch.startsAt) return undefined
  if (epoch.state === 'final') return 'final: what was earned can be spent'
  if (epoch.votedSlot > 0) return 'more than two thirds of the stake agree on its roots'
  if (epoch.state === 'sealed')
    return 'sealed: outputs are delivered, and the rows that are drawn now are checked'
  return slot < epoch.endsAt ? 'work is dealt and done' : 'verifiers say what they hold'
}

function nodeNews(before: Sight | undefined, now: Sight, decimals: number): string[] {
  const money = (units: bigint): string => tokensOf(units, decimals)
  return now.nodes.flatMap(({ name, role, said }) => {
    const earlier = before?.nodes.find((one) => one.name === name)?.said
    const claims = said?.claims.slice(earlier?.claims.length ?? 0) ?? []
    const decided = said?.results.filter((one) => !earlier?.results.some(isSame(one))) ?? []
    const entered = role === 'newcomer' && said?.enrolled === true && earlier?.enrolled === false
    return [
      ...(entered ? [`${name} has enrolled`] : []),
      ...decided.map(({ epoch, outcome, rows, paidRows, pay, reason }) => {
        const why = reason === '' ? '' : ` (${reason})`
        return `${name} (${role}): epoch ${epoch} ${outcome}, ${paidRows} of ${rows} rows, ${money(pay)} tokens${why}`
      }),
      ...claims.map(({ paid, epoch }) => {
        const seconds =
          said?.latencies.newest.filter((one) => one.epoch === epoch).map((one) => one.seconds) ?? []
        const took =
          seconds.length === 0
            ? ''
            : `, ${Math.max(...seconds).toFixed(1)} s after the first of that work was done`
        return `${name} has ${money(paid)} more tokens to spend${took}`
      }),
    ]
  })
}

type Decided = NonNullable<Sight['nodes'][number]['said']>['results'][number]

const isSame =
  (one: Decided) =>
  (other: Decided): boolean =>
    one.epoch === other.epoch && one.outcome === other.outcome

function resultNews(before: Sight | undefined, { rows, delivered }: Sight): string[] {
  return rows > (before?.rows ?? 0) ? [`the requester has results of ${delivered} tasks`] : []
}
