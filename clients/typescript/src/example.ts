// From the product list to an order. What is typed here comes out of schema.graphql.
import { request } from './client';
import type { AddressInput } from './generated/graphql';
import { BuyerAndAddressDocument, NewCartDocument, PlaceOrderDocument, ProductsDocument } from './generated/graphql';

export async function orderFirstProduct(endpoint: string, email: string, address: AddressInput): Promise<string> {
  const { products } = await request(endpoint, ProductsDocument, { first: 24 });
  const product = products.nodes.find(({ availability }) => availability.sellable);
  const variantId = product?.variants.nodes[0]?.id;
  if (variantId === undefined) throw new Error('there is nothing to buy');

  // A key is made once per action and sent again with every retry of it.
  const created = await request(endpoint, NewCartDocument, { variantId, quantity: 1, key: crypto.randomUUID() });
  const { cart, tokens } = created.cartCreate;
  if (!cart || !tokens) throw new Error(created.cartCreate.errors[0]?.message);
  // Null where the shop keeps tokens in cookies; the browser then sends them by itself.
  const token = tokens.accessToken ?? undefined;

  const buyer = { cartId: cart.id, email, address, key: crypto.randomUUID() };
  const { cartApply } = await request(endpoint, BuyerAndAddressDocument, buyer, token);
  if (!cartApply.cart) throw new Error(cartApply.errors[0]?.message);
  const { amount, currency } = cartApply.cart.cost.total;

  const order = { cartId: cart.id, total: { amount, currency }, key: crypto.randomUUID() };
  const { checkoutComplete } = await request(endpoint, PlaceOrderDocument, order, token);
  if (checkoutComplete.order) return `order ${checkoutComplete.order.number}`;
  const [error] = checkoutComplete.errors;
  switch (error?.__typename) {
    case 'TotalChangedError':
      return `the total is now ${error.actual.amount} ${error.actual.currency}`;
    case 'OutOfStockError':
      return `only ${error.available} are left`;
    default:
      return error?.message ?? 'no order';
  }
}
