// web3.js describes its builds once for all of them.
declare module '@solana/web3.js/lib/index.browser.cjs.js' {
  export * from '@solana/web3.js'
}
