// What a chain has before its first transaction: funded keys, programs, mints. Done again at every start, where it
// adds only what is missing, so that a program can be replaced by a newer build.
import { getProgramDerivedAddress, address as toAddress } from '@solana/kit'
import { LocalnetError } from '../errors.ts'
import type { Account } from '../vm/account.ts'
import {
  type Address,
  ASSOCIATED_TOKEN_PROGRAM,
  addressBytes,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
  toBase58,
} from '../vm/address.ts'
import type { Vm } from '../vm/vm.ts'
import { writeMint, writeTokenAccount } from './token.ts'

/** Enough that no local work runs out: 500 million SOL for airdrops, a million for the funded key. */
const FAUCET_LAMPORTS = 500_000_000_000_000_000n
const FUNDED_LAMPORTS = 1_000_000_000_000_000n

/** A program's account names the one that holds its code, which starts after some fields. */
const PROGRAM_DATA_OFFSET = 4
const CODE_OFFSET = 45

export interface ProgramToDeploy {
  readonly address: Address
  readonly elf: Uint8Array
}

export interface MintToMake {
  readonly address: Address
  readonly decimals: number
  /** Minted to the funded key's associated token account. */
  readonly amount: bigint
}

export interface Genesis {
  readonly faucet: Address
  /** Also the authority of every mint made here. */
  readonly funded: Address
  readonly programs: readonly ProgramToDeploy[]
  readonly mints: readonly MintToMake[]
}

export async function prepare(vm: Vm, genesis: Genesis): Promise<void> {
  fund(vm, genesis.faucet, FAUCET_LAMPORTS)
  fund(vm, genesis.funded, FUNDED_LAMPORTS)
  for (const program of genesis.programs) deploy(vm, program)
  for (const mint of genesis.mints) await makeMint(vm, mint, genesis.funded)
}

function fund(vm: Vm, address: Address, lamports: bigint): void {
  if (vm.account(address) !== undefined) return
  vm.setAccount(address, { lamports, data: new Uint8Array(), owner: SYSTEM_PROGRAM, executable: false })
}

function deploy(vm: Vm, { address, elf }: ProgramToDeploy): void {
  if (isDeployed(vm, address, elf)) return
  try {
    vm.addProgram(address, elf)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The program for ${address} can't be deployed: ${why}. Give the .so of a Solana program.`
    throw new LocalnetError('program/refused', message, { address })
  }
}

function isDeployed(vm: Vm, address: Address, elf: Uint8Array): boolean {
  const program = vm.account(address)
  if (program === undefined || !program.executable || program.data.length < PROGRAM_DATA_OFFSET + 32)
    return false
  const holder = toBase58(program.data.subarray(PROGRAM_DATA_OFFSET, PROGRAM_DATA_OFFSET + 32))
  const code = vm.account(holder)?.data.subarray(CODE_OFFSET)
  return code !== undefined && Buffer.compare(code, elf) === 0
}

async function makeMint(vm: Vm, mint: MintToMake, authority: Address): Promise<void> {
  if (vm.account(mint.address) !== undefined) return
  vm.setAccount(
    mint.address,
    owned(vm, writeMint({ authority, supply: mint.amount, decimals: mint.decimals })),
  )
  const holder = await associatedTokenAddress(authority, mint.address)
  const token = writeTokenAccount({ mint: mint.address, owner: authority, amount: mint.amount })
  vm.setAccount(holder, owned(vm, token))
}

function owned(vm: Vm, data: Uint8Array): Account {
  return { lamports: vm.minimumBalance(data.length), data, owner: TOKEN_PROGRAM, executable: false }
}

export async function associatedTokenAddress(owner: Address, mint: Address): Promise<Address> {
  const seeds = [addressBytes(owner), addressBytes(TOKEN_PROGRAM), addressBytes(mint)]
  const [derived] = await getProgramDerivedAddress({
    programAddress: toAddress(ASSOCIATED_TOKEN_PROGRAM),
    seeds,
  })
  return derived
}
