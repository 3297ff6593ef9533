import { type Address, SYSTEM_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { u32 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, WRITES } from './form.ts'

export interface OpenPageArgs {
  readonly number: number
}

export const openPageForm: InstructionForm<'payer' | 'network' | 'page' | 'systemProgram', OpenPageArgs> = {
  name: 'open_page',
  discriminator: 23,
  accounts: { payer: PAYS, network: READS, page: WRITES, systemProgram: READS },
  args: args<OpenPageArgs>({ number: u32 }),
}

export interface OpenPage extends OpenPageArgs {
  readonly payer: Address
}

/** Makes a page that the account count of the latest final root needs. */
export function openPage(at: NetworkAddresses, { payer, number }: OpenPage): TransactionInstruction {
  return encodeInstruction(openPageForm, {
    programId: at.programId,
    accounts: { payer, network: at.network, page: at.page(number), systemProgram: SYSTEM_PROGRAM },
    args: { number },
  })
}
