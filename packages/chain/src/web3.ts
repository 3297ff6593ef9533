// What is used of web3.js, in its build for browsers: the one for Node brings node-fetch, and the tables of international
// names with it, 3 MB that a small machine would hold for nothing (decision 223). Declared one by one: to whoever installs
// the package they are the classes that web3.js describes.
/// <reference path="./web3-browser.d.ts" />
import type * as Web3 from '@solana/web3.js'
import {
  ComputeBudgetProgram as computeBudgetProgram,
  Message as message,
  PublicKey as publicKey,
  SystemProgram as systemProgram,
  Transaction as transaction,
  TransactionInstruction as transactionInstruction,
} from '@solana/web3.js/lib/index.browser.cjs.js'

export type { AccountMeta } from '@solana/web3.js'
export type Message = Web3.Message
export type PublicKey = Web3.PublicKey
export type TransactionInstruction = Web3.TransactionInstruction

export const ComputeBudgetProgram: typeof Web3.ComputeBudgetProgram = computeBudgetProgram
export const Message: typeof Web3.Message = message
export const PublicKey: typeof Web3.PublicKey = publicKey
export const SystemProgram: typeof Web3.SystemProgram = systemProgram
export const Transaction: typeof Web3.Transaction = transaction
export const TransactionInstruction: typeof Web3.TransactionInstruction = transactionInstruction
