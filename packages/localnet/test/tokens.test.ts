// Real tokens of the real SPL token program, moved by plain web3.js transactions.
import {
  Connection,
  type Keypair,
  PublicKey,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  TransactionInstruction,
} from '@solana/web3.js'
import { expect, test } from 'vitest'
import { associatedTokenAddress, type Localnet } from '../src/index.ts'
import { ask, byHand, fundedKey, key, ticking } from './support.ts'

const TOKEN = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
const ASSOCIATED = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')
const MINT = key('mint').publicKey
const mints = [{ address: MINT.toBase58(), decimals: 6, amount: 1_000_000_000n }]
const processed = { commitment: 'processed' }

async function holder(owner: PublicKey): Promise<PublicKey> {
  return new PublicKey(await associatedTokenAddress(owner.toBase58(), MINT.toBase58()))
}

async function createHolder(payer: Keypair, owner: PublicKey): Promise<TransactionInstruction> {
  const keys = [payer.publicKey, await holder(owner), owner, MINT, SystemProgram.programId, TOKEN]
  return new TransactionInstruction({
    programId: ASSOCIATED,
    keys: keys.map((pubkey, i) => ({ pubkey, isSigner: i === 0, isWritable: i < 2 })),
    data: Buffer.from([1]),
  })
}

async function transferChecked(
  from: Keypair,
  to: PublicKey,
  amount: bigint,
): Promise<TransactionInstruction> {
  const data = Buffer.alloc(10)
  data.writeUInt8(12, 0)
  data.writeBigUInt64LE(amount, 1)
  data.writeUInt8(6, 9)
  const keys = [await holder(from.publicKey), MINT, await holder(to), from.publicKey]
  return new TransactionInstruction({
    programId: TOKEN,
    keys: keys.map((pubkey, i) => ({ pubkey, isSigner: i === 3, isWritable: i === 0 || i === 2 })),
    data,
  })
}

async function sendTokens(localnet: Localnet, amount: bigint): Promise<string> {
  const connection = new Connection(localnet.url, 'processed')
  const payer = fundedKey(localnet)
  const { blockhash } = await connection.getLatestBlockhash()
  const transaction = new Transaction({ recentBlockhash: blockhash, feePayer: payer.publicKey }).add(
    await createHolder(payer, key('receiver').publicKey),
    await transferChecked(payer, key('receiver').publicKey, amount),
  )
  return connection.sendTransaction(transaction, [payer])
}

test('a mint made at the start: its supply, and the funded key as its first holder', async () => {
  const localnet = await byHand({ mints })
  const supply = await ask(localnet, 'getTokenSupply', MINT.toBase58())
  const amount = { amount: '1000000000', decimals: 6, uiAmount: 1_000, uiAmountString: '1000' }
  expect(supply.result.value).toStrictEqual(amount)
  const held = (await holder(fundedKey(localnet).publicKey)).toBase58()
  expect((await ask(localnet, 'getTokenAccountBalance', held)).result.value).toStrictEqual(amount)
  const parsed = await ask(localnet, 'getAccountInfo', MINT.toBase58(), { encoding: 'jsonParsed' })
  expect(parsed.result.value.data).toStrictEqual({
    program: 'spl-token',
    parsed: {
      type: 'mint',
      info: {
        mintAuthority: localnet.fundedAddress,
        supply: '1000000000',
        decimals: 6,
        isInitialized: true,
        freezeAuthority: null,
      },
    },
    space: 82,
  })
  const nobody = await ask(localnet, 'getTokenAccountBalance', key('nobody').publicKey.toBase58())
  expect(nobody.error).toMatchObject({ code: -32602, message: 'Invalid param: could not find account' })
  const wallet = await ask(localnet, 'getTokenAccountBalance', localnet.fundedAddress)
  expect(wallet.error?.message).toBe('Invalid param: not a Token account')
})

test('a transfer shows in balances, token balances and inner instructions', async () => {
  const localnet = await byHand({ mints })
  const signature = await sendTokens(localnet, 1_500_000n)
  await localnet.tick()
  const { result } = await ask(localnet, 'getTransaction', signature, { commitment: 'confirmed' })
  const { meta, transaction } = result
  expect(meta.err).toBeNull()
  expect(meta.innerInstructions[0].index).toBe(0)
  expect(meta.innerInstructions[0].instructions[0]).toStrictEqual({
    programIdIndex: expect.any(Number),
    accounts: expect.any(Array),
    data: expect.any(String),
    stackHeight: 2,
  })
  const held = (await holder(key('receiver').publicKey)).toBase58()
  const accountIndex = transaction.message.accountKeys.indexOf(held)
  expect(meta.preTokenBalances).toHaveLength(1)
  expect(meta.postTokenBalances).toContainEqual({
    accountIndex,
    mint: MINT.toBase58(),
    owner: key('receiver').publicKey.toBase58(),
    programId: TOKEN.toBase58(),
    uiTokenAmount: { amount: '1500000', decimals: 6, uiAmount: 1.5, uiAmountString: '1.5' },
  })
  // Nothing but the fee left the accounts of the transaction.
  const sum = (list: number[]) => list.reduce((total, one) => total + BigInt(one), 0n)
  expect(sum(meta.preBalances) - sum(meta.postBalances)).toBe(BigInt(meta.fee))
})

test('getTokenAccountsByOwner by mint and by program, parsed', async () => {
  const localnet = await byHand({ mints })
  await sendTokens(localnet, 1_500_000n)
  const owner = key('receiver').publicKey
  const config = { ...processed, encoding: 'jsonParsed' }
  const byMint = await ask(
    localnet,
    'getTokenAccountsByOwner',
    owner.toBase58(),
    { mint: MINT.toBase58() },
    config,
  )
  expect(byMint.result.value).toStrictEqual([
    {
      pubkey: (await holder(owner)).toBase58(),
      account: {
        lamports: 2_039_280,
        owner: TOKEN.toBase58(),
        executable: false,
        rentEpoch: expect.any(Number),
        space: 165,
        data: {
          program: 'spl-token',
          space: 165,
          parsed: {
            type: 'account',
            info: {
              mint: MINT.toBase58(),
              owner: owner.toBase58(),
              state: 'initialized',
              isNative: false,
              tokenAmount: { amount: '1500000', decimals: 6, uiAmount: 1.5, uiAmountString: '1.5' },
            },
          },
        },
      },
    },
  ])
  const filter = { programId: TOKEN.toBase58() }
  const byProgram = await ask(localnet, 'getTokenAccountsByOwner', owner.toBase58(), filter, config)
  expect(byProgram.result.value).toStrictEqual(byMint.result.value)
  const asDelegate = await ask(localnet, 'getTokenAccountsByDelegate', owner.toBase58(), filter, config)
  expect(asDelegate.result.value).toStrictEqual([])
  const other = await ask(localnet, 'getTokenAccountsByOwner', owner.toBase58(), {
    programId: MINT.toBase58(),
  })
  expect(other.error?.message).toBe('Invalid param: unrecognized Token program id')
})

test('getProgramAccounts with filters, slices and context', async () => {
  const localnet = await byHand({ mints })
  await sendTokens(localnet, 1_500_000n)
  const owner = key('receiver').publicKey
  const find = (filters: unknown, rest: object = {}) =>
    ask(localnet, 'getProgramAccounts', TOKEN.toBase58(), {
      ...processed,
      encoding: 'base64',
      filters,
      ...rest,
    })
  expect((await find([{ dataSize: 82 }])).result.map((one: { pubkey: string }) => one.pubkey)).toContain(
    MINT.toBase58(),
  )
  const held = (await holder(owner)).toBase58()
  const base58 = { dataSize: 165 }
  const memcmp = { memcmp: { offset: 32, bytes: owner.toBase58() } }
  expect((await find([base58, memcmp])).result).toMatchObject([{ pubkey: held }])
  const base64 = { memcmp: { offset: 32, bytes: owner.toBuffer().toString('base64'), encoding: 'base64' } }
  const sliced = await find([base64], { dataSlice: { offset: 64, length: 8 }, withContext: true })
  expect(sliced.result.context.slot).toBe(localnet.slot)
  const [data] = sliced.result.value[0].account.data
  expect(Buffer.from(data, 'base64').readBigUInt64LE()).toBe(1_500_000n)
  expect((await find([{ memcmp: { offset: 500, bytes: '2' } }])).result).toEqual([])
  expect((await find(Array(5).fill({ dataSize: 1 }))).error?.code).toBe(-32602)
  expect((await find([{ memcmp: { offset: 0, bytes: '0OIl' } }])).error?.code).toBe(-32602)
})

test('older commitments show a program as it was then', async () => {
  const localnet = await byHand({ mints })
  await localnet.tick(10)
  await sendTokens(localnet, 1_500_000n)
  const owner = key('receiver').publicKey.toBase58()
  const count = async (commitment: string) => {
    const answer = await ask(
      localnet,
      'getTokenAccountsByOwner',
      owner,
      { mint: MINT.toBase58() },
      { commitment, encoding: 'base64' },
    )
    return answer.result.value.length
  }
  expect([await count('processed'), await count('confirmed'), await count('finalized')]).toEqual([1, 0, 0])
  await localnet.tick()
  expect([await count('processed'), await count('confirmed'), await count('finalized')]).toEqual([1, 1, 0])
  await localnet.tick(3)
  expect(await count('finalized')).toBe(1)
})

test("web3.js's own token methods", async () => {
  const localnet = await ticking({ mints })
  const connection = new Connection(localnet.url, 'confirmed')
  const payer = fundedKey(localnet)
  const owner = key('receiver').publicKey
  const transaction = new Transaction().add(
    await createHolder(payer, owner),
    await transferChecked(payer, owner, 7n),
  )
  await sendAndConfirmTransaction(connection, transaction, [payer])
  expect((await connection.getTokenAccountBalance(await holder(owner))).value.amount).toBe('7')
  expect((await connection.getTokenSupply(MINT)).value.uiAmount).toBe(1_000)
  const parsed = await connection.getParsedTokenAccountsByOwner(owner, { mint: MINT })
  expect(parsed.value[0]?.account.data.parsed.info.tokenAmount.amount).toBe('7')
  expect((await connection.getTokenAccountsByOwner(owner, { programId: TOKEN })).value).toHaveLength(1)
  expect(await connection.getProgramAccounts(TOKEN, { filters: [{ dataSize: 82 }] })).not.toHaveLength(0)
})
