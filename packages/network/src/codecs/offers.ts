// What verifiers want on chain, and signatures under it.
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { attestationCodec, SIGNATURE_BYTES, ZERO_HASH } from '@piecework/protocol'
import { bytes32, type Codec, mapped, strict, u8, u32, u64Number } from '@piecework/protocol/strict'
import { OFFERS, TRANSACTION_BYTES } from '../limits.ts'
import type { CosignAnswer, CosignQuestion, Offer, OffersAnswer, OffersQuestion } from '../questions.ts'
import { numbered } from './words.ts'

const asked = new ContainerType({ settler: bytes32 })

export const offersQuestion: Codec<OffersQuestion> = strict({
  name: 'a question for offers',
  type: asked,
  maxBytes: asked.maxSize,
})

const whats = numbered<Offer['what']>('offer', ['inventory', 'commit', 'holding', 'proposal', 'vote'])

/** What a sort of offer does not use is zero or empty, so that it has one encoding. */
const offer = new ContainerType({
  what: u8,
  epoch: u64Number,
  round: u64Number,
  /** The value, or the job. */
  hash: bytes32,
  attestation: new ByteListType(attestationCodec.layout.maxBytes),
})

interface OfferWire {
  readonly what: number
  readonly epoch: number
  readonly round: number
  readonly hash: Uint8Array
  readonly attestation: Uint8Array
}

const NOTHING = { round: 0, hash: ZERO_HASH, attestation: new Uint8Array(0) } as const

function toWire(value: Offer): OfferWire {
  const { epoch } = value
  const what = whats.number(value.what)
  if (value.what === 'proposal')
    return { ...NOTHING, what, epoch, round: value.round, attestation: value.attestation }
  if (value.what === 'holding') return { ...NOTHING, what, epoch, hash: value.job }
  const round = value.what === 'vote' ? value.round : 0
  return { ...NOTHING, what, epoch, round, hash: value.value }
}

function fromWire({ what: number, epoch, round, hash, attestation }: OfferWire): Offer {
  const what = whats.word(number)
  if (what === 'proposal') return { what, epoch, round, attestation }
  if (what === 'holding') return { what, epoch, job: hash }
  return what === 'vote' ? { what, epoch, round, value: hash } : { what, epoch, value: hash }
}

function fault({ what: number, round, hash, attestation }: OfferWire): string | undefined {
  const unknown = whats.fault(number)
  if (unknown !== undefined) return unknown
  const what = whats.word(number)
  const proposes = what === 'proposal'
  if (round !== 0 && !proposes && what !== 'vote') return 'an offer that has no round has one'
  if (proposes && hash.some((byte) => byte !== 0)) return 'a proposal has a value beside its attestation'
  return proposes || attestation.length === 0 ? undefined : 'an offer that is no proposal has an attestation'
}

const offers = new ContainerType({ verifierId: u32, offers: new ListCompositeType(offer, OFFERS) })

interface OffersWire {
  readonly verifierId: number
  readonly offers: readonly OfferWire[]
}

export const offersAnswer: Codec<OffersAnswer> = mapped<OffersAnswer, OffersWire>(
  strict({
    name: 'an answer of offers',
    type: offers,
    maxBytes: offers.maxSize,
    fault: (value: OffersWire) => value.offers.map(fault).find((one) => one !== undefined),
  }),
  (value) => ({ ...value, offers: value.offers.map(toWire) }),
  (wire) => ({ ...wire, offers: wire.offers.map(fromWire) }),
)

const message = new ContainerType({ message: new ByteListType(TRANSACTION_BYTES) })

export const cosignQuestion: Codec<CosignQuestion> = strict({
  name: 'a question for a signature',
  type: message,
  maxBytes: message.maxSize,
})

const signature = new ContainerType({ signature: new ByteVectorType(SIGNATURE_BYTES) })

export const cosignAnswer: Codec<CosignAnswer> = strict({
  name: 'an answer of a signature',
  type: signature,
  maxBytes: signature.maxSize,
})
