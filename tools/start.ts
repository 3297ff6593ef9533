// `npm start`: until the whole network exists, says what is there and what is not.
console.log('placeholder')
