// network fund: a founder hands out tokens, and SOL for fees, so that others can stake and post jobs.
import {
  associatedTokens,
  parseAddress,
  type TransactionInstruction,
  transferSol,
  transferTokens,
} from '@piecework/chain'
import { z } from 'zod'
import { decimalsOf, land, makeTokens, needTokens, signerOf, stateOf, withChain } from '../common/chain.ts'
import { optionalText, text } from '../common/input.ts'
import { addressText } from '../common/invite.ts'
import { tokensOf, unitsOf } from '../common/money.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { CliError } from '../errors.ts'
import { defineVerb, type Verb } from '../verb.ts'

const SOL_DECIMALS = 9

export const fund: Verb = defineVerb({
  words: 'fund <address>',
  about: 'send tokens of the network, or SOL for fees, to a wallet',
  options: [
    NETWORK_OPTION,
    { flags: '--key <file>', about: 'whose tokens and SOL they are' },
    { flags: '--tokens <amount>', about: 'how many tokens' },
    { flags: '--sol <amount>', about: 'how many SOL' },
  ],
  examples: [
    'piecework network fund <address> --network created.yaml --key founder.json --tokens 100 --sol 0.1',
  ],
  input: z.object({
    network: optionalText,
    address: addressText,
    key: text,
    tokens: optionalText,
    sol: optionalText,
  }),
  async run(context, { network, address, key, tokens, sol }) {
    if (tokens === undefined && sol === undefined)
      throw new CliError('usage', 'Give --tokens, --sol or both.')
    const place = await placeOf(context, network)
    const owner = await signerOf(context, key)
    const to = parseAddress(address)
    const signature = await withChain(context, place, async (chain) => {
      const instructions: TransactionInstruction[] = []
      if (sol !== undefined) {
        instructions.push(transferSol({ from: owner.address, to, lamports: unitsOf(sol, SOL_DECIMALS) }))
      }
      if (tokens !== undefined) {
        const { mint } = (await stateOf(chain)).network
        const decimals = await decimalsOf(chain, mint)
        const amount = unitsOf(tokens, decimals)
        const decimalsText = (units: bigint): string => tokensOf(units, decimals)
        await needTokens(chain, { wallet: owner.address, mint, amount, decimalsText })
        instructions.push(
          makeTokens(owner.address, to, mint),
          transferTokens({
            from: associatedTokens(owner.address, mint).address,
            owner: owner.address,
            to: associatedTokens(to, mint).address,
            amount,
          }),
        )
      }
      return land(chain, { instructions, payer: owner })
    })
    const sent = [tokens && `${tokens} tokens`, sol && `${sol} SOL`].filter(Boolean).join(' and ')
    context.print({ to, tokens, sol, signature }, [`${sent} sent to ${to}`])
  },
})
