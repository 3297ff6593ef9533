import { type Address, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, SIGNS, WRITES } from './form.ts'

export interface JoinRosterArgs {
  readonly stake: bigint
}

export type JoinRosterAccount =
  | 'payer'
  | 'operator'
  | 'voteKey'
  | 'network'
  | 'roster'
  | 'verifier'
  | 'operatorTokens'
  | 'stakeVault'
  | 'tokenProgram'
  | 'systemProgram'

export const joinRosterForm: InstructionForm<JoinRosterAccount, JoinRosterArgs> = {
  name: 'join_roster',
  discriminator: 7,
  accounts: {
    payer: PAYS,
    operator: SIGNS,
    voteKey: SIGNS,
    network: WRITES,
    roster: WRITES,
    verifier: WRITES,
    operatorTokens: WRITES,
    stakeVault: WRITES,
    tokenProgram: READS,
    systemProgram: READS,
  },
  args: args<JoinRosterArgs>({ stake: u64 }),
}

export interface JoinRoster extends JoinRosterArgs {
  /** Pays the rent of the Verifier account. */
  readonly payer: Address
  readonly operator: Address
  readonly voteKey: Address
  /** A token account that the operator may spend from. */
  readonly operatorTokens: Address
  /** The network's nextVerifier. When another joins first, send it again with the new one. */
  readonly id: number
}

/** Stakes and joins: active at once before start, else two epochs later or when there is room. */
export function joinRoster(at: NetworkAddresses, input: JoinRoster): TransactionInstruction {
  const { payer, operator, voteKey, operatorTokens, id, stake } = input
  return encodeInstruction(joinRosterForm, {
    programId: at.programId,
    accounts: {
      payer,
      operator,
      voteKey,
      network: at.network,
      roster: at.roster,
      verifier: at.verifier(id),
      operatorTokens,
      stakeVault: at.stakeVault,
      tokenProgram: TOKEN_PROGRAM,
      systemProgram: SYSTEM_PROGRAM,
    },
    args: { stake },
  })
}
