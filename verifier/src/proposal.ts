// What a proposer put together: enough for anybody who has the same data to compute the same attestation.
import { ByteListType, ContainerType, ListBasicType, ListCompositeType } from '@chainsafe/ssz'
import { type Attestation, attestationCodec } from '@piecework/protocol'
import { ascending, bytes32, type Codec, mapped, strict, u32 } from '@piecework/protocol/strict'

/** Verifiers in a snapshot. */
const SEATS = 64

export interface SecondReport {
  readonly verifierId: number
  /** What its salt and report open: by this it is fetched, as reveals are. */
  readonly commit: Uint8Array
}

export interface Proposal {
  readonly attestation: Attestation
  /** The settler's wallet. */
  readonly settler: Uint8Array
  /** Verifiers whose inventories, and whose reveals, are included; ascending. Their hashes are on chain. */
  readonly inventories: readonly number[]
  readonly reveals: readonly number[]
  /** Ascending by verifier. */
  readonly others: readonly SecondReport[]
}

interface Wire extends Omit<Proposal, 'attestation'> {
  readonly attestation: Uint8Array
}

const type = new ContainerType({
  attestation: new ByteListType(attestationCodec.layout.maxBytes),
  settler: bytes32,
  inventories: new ListBasicType(u32, SEATS),
  reveals: new ListBasicType(u32, SEATS),
  others: new ListCompositeType(new ContainerType({ verifierId: u32, commit: bytes32 }), SEATS),
})

function fault({ inventories, reveals, others }: Wire): string | undefined {
  const ids = others.map(({ verifierId }) => verifierId)
  const ordered = [inventories, reveals, ids].every((list) => ascending<number>(list, (a, b) => a - b))
  return ordered ? undefined : 'its lists are not in ascending order'
}

export const proposalCodec: Codec<Proposal> = mapped<Proposal, Wire>(
  strict<Wire, ReturnType<typeof type.deserialize>>({
    name: 'a proposal',
    type,
    maxBytes: type.maxSize,
    fault,
  }),
  (value) => ({ ...value, attestation: attestationCodec.encode(value.attestation) }),
  (wire) => ({ ...wire, attestation: attestationCodec.decode(wire.attestation) }),
)

export function readProposal(bytes: Uint8Array): Proposal {
  return proposalCodec.decode(bytes)
}
