import { type Address, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../address.ts'
import { addressesOf, networkAddress } from '../addresses.ts'
import { hash } from '../codec/scalars.ts'
import { type Params, paramsLayout } from '../structs/params.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, WRITES } from './form.ts'

export interface CreateNetworkArgs {
  readonly nameHash: Uint8Array
  readonly genesisHash: Uint8Array
  readonly params: Params
}

export type CreateNetworkAccount =
  | 'creator'
  | 'network'
  | 'roster'
  | 'epoch0'
  | 'epoch1'
  | 'epoch2'
  | 'epoch3'
  | 'vault'
  | 'stakeVault'
  | 'mint'
  | 'tokenProgram'
  | 'systemProgram'

export const createNetworkForm: InstructionForm<CreateNetworkAccount, CreateNetworkArgs> = {
  name: 'create_network',
  discriminator: 0,
  accounts: {
    creator: PAYS,
    network: WRITES,
    roster: WRITES,
    epoch0: WRITES,
    epoch1: WRITES,
    epoch2: WRITES,
    epoch3: WRITES,
    vault: WRITES,
    stakeVault: WRITES,
    mint: READS,
    tokenProgram: READS,
    systemProgram: READS,
  },
  args: args<CreateNetworkArgs>({ nameHash: hash, genesisHash: hash, params: paramsLayout }),
}

export interface CreateNetwork extends CreateNetworkArgs {
  readonly creator: Address
  readonly mint: Address
}

/** Makes a network at the address that creator and name give. The creator becomes its authority, and pays the rent. */
export function createNetwork(programId: Address, input: CreateNetwork): TransactionInstruction {
  const { creator, mint, nameHash, genesisHash, params } = input
  const at = addressesOf(programId, networkAddress(programId, creator, nameHash))
  return encodeInstruction(createNetworkForm, {
    programId,
    accounts: {
      creator,
      network: at.network,
      roster: at.roster,
      epoch0: at.epoch(0),
      epoch1: at.epoch(1),
      epoch2: at.epoch(2),
      epoch3: at.epoch(3),
      vault: at.vault,
      stakeVault: at.stakeVault,
      mint,
      tokenProgram: TOKEN_PROGRAM,
      systemProgram: SYSTEM_PROGRAM,
    },
    args: { nameHash, genesisHash, params },
  })
}
