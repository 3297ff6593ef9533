import { type Address, TOKEN_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { hash, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, WRITES } from './form.ts'

export interface WithdrawStakeArgs {
  /** Of its leaf in the slashes ledger of the latest final root; 0 without a proof when the ledger doesn't reach its id. */
  readonly amount: bigint
  /** The slashes leaf's detail. */
  readonly detail: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export type WithdrawStakeAccount =
  | 'operator'
  | 'network'
  | 'verifier'
  | 'stakeVault'
  | 'destination'
  | 'tokenProgram'

export const withdrawStakeForm: InstructionForm<WithdrawStakeAccount, WithdrawStakeArgs> = {
  name: 'withdraw_stake',
  discriminator: 10,
  accounts: {
    operator: PAYS,
    network: WRITES,
    verifier: WRITES,
    stakeVault: WRITES,
    destination: WRITES,
    tokenProgram: READS,
  },
  args: args<WithdrawStakeArgs>({ amount: u64, detail: hash, proof: rest(hash) }),
}

export interface WithdrawStake extends WithdrawStakeArgs {
  readonly operator: Address
  readonly id: number
  /** A token account of the network's mint. */
  readonly destination: Address
}

/** Pays a retired verifier's stake after the cooldown, all its slashes applied, and closes its account. */
export function withdrawStake(at: NetworkAddresses, input: WithdrawStake): TransactionInstruction {
  const { operator, id, destination, amount, detail, proof } = input
  return encodeInstruction(withdrawStakeForm, {
    programId: at.programId,
    accounts: {
      operator,
      network: at.network,
      verifier: at.verifier(id),
      stakeVault: at.stakeVault,
      destination,
      tokenProgram: TOKEN_PROGRAM,
    },
    args: { amount, detail, proof },
  })
}
