// Attestations: all fields have a fixed size, so that their SSZ is just the fields in order, as the chain hashes them.
import { ContainerType } from '@chainsafe/ssz'
import type { Attestation } from '../messages.ts'
import { bytes32, type Codec, strict, u64, u64Number } from './strict.ts'

const root = new ContainerType({ root: bytes32, count: u64Number, total: u64 })

const attestation = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  round: u64Number,
  seed: bytes32,
  factsHash: bytes32,
  inputsRoot: bytes32,
  previous: bytes32,
  accounts: root,
  jobs: root,
  slashes: root,
  nodesRoot: bytes32,
  workforceRoot: bytes32,
  stateHash: bytes32,
})

export const attestationCodec: Codec<Attestation> = strict({
  name: 'an attestation',
  type: attestation,
  maxBytes: attestation.maxSize,
})
