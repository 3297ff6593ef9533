// What is used of web3.js, in its build for browsers: the one for Node brings node-fetch and with it the tables of all
// international names, 3 MB that a small machine would hold for nothing. The RPC is called without either (decision 140).
import type * as Web3 from '@solana/web3.js'
import * as web3 from '@solana/web3.js/lib/index.browser.cjs.js'

export type { AccountMeta } from '@solana/web3.js'
export type Message = Web3.Message
export type PublicKey = Web3.PublicKey
export type TransactionInstruction = Web3.TransactionInstruction

export const ComputeBudgetProgram: typeof Web3.ComputeBudgetProgram = web3.ComputeBudgetProgram
export const Message: typeof Web3.Message = web3.Message
export const PublicKey: typeof Web3.PublicKey = web3.PublicKey
export const SystemProgram: typeof Web3.SystemProgram = web3.SystemProgram
export const Transaction: typeof Web3.Transaction = web3.Transaction
export const TransactionInstruction: typeof Web3.TransactionInstruction = web3.TransactionInstruction
