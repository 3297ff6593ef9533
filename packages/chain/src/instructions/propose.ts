import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { epochNumber, hash, natural } from '../codec/scalars.ts'
import { type LedgerRoot, ledgerRootLayout } from '../structs/ledger-root.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, READS, SIGNS, WRITES } from './form.ts'

/** An attestation without what the program adds from the chain: network, seed and previous. */
export interface ProposeArgs {
  readonly number: number
  readonly round: number
  readonly factsHash: Uint8Array
  readonly inputsRoot: Uint8Array
  readonly accounts: LedgerRoot
  readonly jobs: LedgerRoot
  readonly slashes: LedgerRoot
  readonly nodesRoot: Uint8Array
  readonly workforceRoot: Uint8Array
  readonly stateHash: Uint8Array
}

export const proposeForm: InstructionForm<'proposer' | 'network' | 'epoch', ProposeArgs> = {
  name: 'propose',
  discriminator: 17,
  accounts: { proposer: SIGNS, network: READS, epoch: WRITES },
  args: args<ProposeArgs>({
    number: epochNumber,
    round: natural,
    factsHash: hash,
    inputsRoot: hash,
    accounts: ledgerRootLayout,
    jobs: ledgerRootLayout,
    slashes: ledgerRootLayout,
    nodesRoot: hash,
    workforceRoot: hash,
    stateHash: hash,
  }),
}

export interface Propose extends ProposeArgs {
  /** Vote key of the drawn seat. */
  readonly proposer: Address
}

/** The round's proposer proposes the attestation of lastFinal + 1; the program computes its hash. */
export function propose(at: NetworkAddresses, { proposer, ...proposal }: Propose): TransactionInstruction {
  return encodeInstruction(proposeForm, {
    programId: at.programId,
    accounts: { proposer, network: at.network, epoch: at.epoch(proposal.number) },
    args: proposal,
  })
}
