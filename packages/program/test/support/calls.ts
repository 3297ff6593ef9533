// The same call with something else in it.
import type { PublicKey } from '@solana/web3.js'
import type { Call, Values } from './encode.ts'

export function withArgs(call: Call, args: Values): Call {
  return { ...call, args: { ...call.args, ...args } }
}

export function withAccounts(call: Call, accounts: Readonly<Record<string, PublicKey>>): Call {
  return { ...call, accounts: { ...call.accounts, ...accounts } }
}
