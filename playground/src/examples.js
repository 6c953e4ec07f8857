import products from '../examples/1-products.graphql';
import product from '../examples/2-product.graphql';
import productVariables from '../examples/2-product.json';
import search from '../examples/3-search.graphql';
import searchVariables from '../examples/3-search.json';
import collections from '../examples/4-collections.graphql';
import newCart from '../examples/5-new-cart.graphql';
import newCartVariables from '../examples/5-new-cart.json';
import checkout from '../examples/6-checkout.graphql';
import checkoutVariables from '../examples/6-checkout.json';

// In an example's variables each of these becomes a fresh UUID, so that no two visitors share an idempotency key.
const freshKeys = (variables) => variables.replaceAll('<fresh key>', () => crypto.randomUUID());

const GUEST = JSON.stringify({ Authorization: 'Bearer <accessToken of tab 5>' }, null, 2);

/** The tabs of a first visit. */
export const examples = [
  { query: products },
  { query: product, variables: productVariables },
  { query: search, variables: searchVariables },
  { query: collections },
  { query: newCart, variables: freshKeys(newCartVariables) },
  { query: checkout, variables: freshKeys(checkoutVariables), headers: GUEST },
];
