// The one instruction of the token programs that belongs to everyday work: making a wallet's token account.
import {
  ASSOCIATED_TOKEN_PROGRAM,
  addressOfKey,
  associatedTokens,
  TOKEN_PROGRAM,
  type TransactionInstruction,
} from '@piecework/chain'
import { type Run, requireThat } from '../run.ts'
import { tokenBytes } from '../tokens.ts'

export function playTokenProgram(run: Run, { programId, keys }: TransactionInstruction): boolean {
  if (addressOfKey(programId) !== ASSOCIATED_TOKEN_PROGRAM) return false
  const [, tokens, wallet, mint] = keys.map(({ pubkey }) => addressOfKey(pubkey))
  requireThat(wallet !== undefined && mint !== undefined, 'WrongAccountCount')
  requireThat(tokens === associatedTokens(wallet, mint).address, 'WrongAddress')
  if (run.get(tokens) === undefined)
    run.put(tokens, TOKEN_PROGRAM, tokenBytes({ mint, owner: wallet, amount: 0n }))
  return true
}
