// The parameters of kinds as bytes: within an epoch's facts, and as the blob whose SHA-256 the Network account holds.
import { ContainerType, ListCompositeType, type UintNumberType } from '@chainsafe/ssz'
import type { Allocation, Checking, KindRules } from '../facts.ts'
import { FACTS_KINDS, KINDS_BYTES } from '../limits.ts'
import { ascending, type Codec, mapped, strict, u8, u16, u32 } from './strict.ts'

/** Numbers stand for these words, by their place. */
const ALLOCATIONS: readonly Allocation[] = ['dealt', 'open', 'standing']
const CHECKINGS: readonly Checking[] = ['exact', 'across', 'measured']

type KindFields = {
  kind: UintNumberType
  version: UintNumberType
  allocation: UintNumberType
  checking: UintNumberType
  rate: UintNumberType
  cap: UintNumberType
}

export type KindWire = Omit<KindRules, 'allocation' | 'checking'> & {
  readonly allocation: number
  readonly checking: number
}

const kindType: ContainerType<KindFields> = new ContainerType<KindFields>({
  kind: u16,
  version: u32,
  allocation: u8,
  checking: u8,
  rate: u32,
  cap: u32,
})

export const kindsType: ListCompositeType<ContainerType<KindFields>> = new ListCompositeType(
  kindType,
  FACTS_KINDS,
)

export function kindToWire(one: KindRules): KindWire {
  return {
    ...one,
    allocation: ALLOCATIONS.indexOf(one.allocation),
    checking: CHECKINGS.indexOf(one.checking),
  }
}

export function kindFromWire(wire: KindWire): KindRules {
  return {
    ...wire,
    allocation: ALLOCATIONS[wire.allocation] ?? 'dealt',
    checking: CHECKINGS[wire.checking] ?? 'exact',
  }
}

export function kindsFault(kinds: readonly KindWire[]): string | undefined {
  const known = kinds.every(
    ({ allocation, checking }) => allocation < ALLOCATIONS.length && checking < CHECKINGS.length,
  )
  return known ? undefined : 'a kind is allocated or checked in no way that is known'
}

/** Ascending by kind. */
export const kindsCodec: Codec<readonly KindRules[]> = mapped<readonly KindRules[], readonly KindWire[]>(
  strict({
    name: 'the parameters of kinds',
    type: kindsType,
    maxBytes: KINDS_BYTES,
    fault: (kinds: readonly KindWire[]) => {
      if (!ascending(kinds, (a, b) => a.kind - b.kind)) return 'its kinds are not ascending by number'
      return kindsFault(kinds)
    },
  }),
  (kinds) => kinds.map(kindToWire),
  (wire) => wire.map(kindFromWire),
)
