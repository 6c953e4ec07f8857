//! Objects by id.

use std::collections::{HashMap, HashSet};
use tidegate_model::Failure;
use tidegate_model::id::{NodeId, SessionId};
use tidegate_schema::ports::{Answer, IdentityPort as _, NodeObject, ViewerHint};
use uuid::Uuid;

use crate::RequestResolvers;
use crate::failure::failure;

type Found = HashMap<NodeId, NodeObject>;

/// Finds objects in the order asked for, with one statement for those of each kind; what is private is checked against
/// the viewer's session by the statement that reads it.
pub(crate) async fn nodes(resolvers: &RequestResolvers, ids: Vec<NodeId>) -> Answer<Vec<Option<NodeObject>>> {
    let mut found = public(resolvers, &ids).await?;
    let asked = Private::of(&ids);
    found.extend(resolvers.reading(|| private(resolvers, &asked)).await?);
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

async fn public(resolvers: &RequestResolvers, ids: &[NodeId]) -> Answer<Found> {
    let (mut products, mut variants, mut collections) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        match id {
            NodeId::Product(id) => products.push(*id),
            NodeId::Variant(id) => variants.push(*id),
            NodeId::Collection(id) => collections.push(*id),
            _ => {}
        }
    }
    let (store, market) = (resolvers.store(), resolvers.request.market);
    let mut found = HashMap::new();
    if !products.is_empty() {
        let read = store.catalog_products_by_id(resolvers.statements(), market, products).await.map_err(failure)?;
        let shown = |product| NodeObject::Product(resolvers.shown(product));
        found.extend(read.into_iter().map(|(id, product)| (NodeId::Product(id), shown(product))));
    }
    if !variants.is_empty() {
        let read = store.catalog_variants_by_id(resolvers.statements(), market, variants).await.map_err(failure)?;
        let shown = |variant| NodeObject::Variant(resolvers.shown_variant(variant));
        found.extend(read.into_iter().map(|(id, variant)| (NodeId::Variant(id), shown(variant))));
    }
    if !collections.is_empty() {
        let read = store.catalog_collections_by_id(resolvers.statements(), collections).await.map_err(failure)?;
        found.extend(read.into_iter().map(|(id, found)| (NodeId::Collection(id), NodeObject::Collection(found))));
    }
    Ok(found)
}

/// Private ids by what reads them, each once.
#[derive(Debug, Default)]
struct Private {
    carts: HashSet<Uuid>,
    cart_lines: HashSet<Uuid>,
    orders: HashSet<Uuid>,
    order_lines: HashSet<Uuid>,
    sessions: HashSet<Uuid>,
    addresses: HashSet<Uuid>,
    customer: bool,
}

impl Private {
    fn of(ids: &[NodeId]) -> Self {
        let mut asked = Self::default();
        for id in ids {
            match id {
                NodeId::Cart(id) => drop(asked.carts.insert(id.0)),
                NodeId::CartLine(id) => drop(asked.cart_lines.insert(id.0)),
                NodeId::Order(id) => drop(asked.orders.insert(id.0)),
                NodeId::OrderLine(id) => drop(asked.order_lines.insert(id.0)),
                NodeId::Session(id) => drop(asked.sessions.insert(id.0)),
                NodeId::Address(id) => drop(asked.addresses.insert(id.0)),
                NodeId::Customer(_) => asked.customer = true,
                // A payment is read through its order.
                NodeId::Payment(_) | NodeId::Product(_) | NodeId::Variant(_) | NodeId::Collection(_) => {}
            }
        }
        asked
    }
}

async fn private(resolvers: &RequestResolvers, asked: &Private) -> Answer<Found> {
    let mut found = Found::new();
    carts(resolvers, asked, &mut found).await?;
    if let Some(session) = resolvers.request.viewer.session {
        orders(resolvers, session, asked, &mut found).await?;
        account(resolvers, session, asked, &mut found).await?;
    }
    Ok(found)
}

fn list(ids: &HashSet<Uuid>) -> Vec<Uuid> {
    ids.iter().copied().collect()
}

async fn carts(resolvers: &RequestResolvers, asked: &Private, found: &mut Found) -> Answer<()> {
    let count = asked.carts.len() + asked.cart_lines.len();
    if count == 0 {
        return Ok(());
    }
    let (carts, lines) = (list(&asked.carts), list(&asked.cart_lines));
    let read = resolvers.store().carts_by_id(resolvers.statements(), resolvers.access(), carts, lines);
    let read = read.await.map_err(failure)?;
    let missing = read.carts.len() + read.lines.len() < count;
    if missing && !read.live && resolvers.request.viewer.session.is_some() {
        return Err(Failure::SessionRevoked);
    }
    found.extend(read.carts.into_iter().map(|cart| (NodeId::Cart(cart.id), NodeObject::Cart(cart))));
    let shown = |line| resolvers.shown_line(line);
    found.extend(read.lines.into_iter().map(|line| (NodeId::CartLine(line.id), NodeObject::CartLine(shown(line)))));
    Ok(())
}

async fn orders(resolvers: &RequestResolvers, session: SessionId, asked: &Private, found: &mut Found) -> Answer<()> {
    if asked.orders.is_empty() && asked.order_lines.is_empty() {
        return Ok(());
    }
    let (orders, lines, now) = (list(&asked.orders), list(&asked.order_lines), resolvers.request.now);
    let read = resolvers.store().orders_by_id(resolvers.statements(), session, now, orders, lines);
    let read = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
    found.extend(read.orders.into_iter().map(|order| (NodeId::Order(order.id), NodeObject::Order(order))));
    found.extend(read.lines.into_iter().map(|line| (NodeId::OrderLine(line.id), NodeObject::OrderLine(line))));
    Ok(())
}

async fn account(resolvers: &RequestResolvers, session: SessionId, asked: &Private, found: &mut Found) -> Answer<()> {
    let (store, now) = (resolvers.store(), resolvers.request.now);
    if !asked.sessions.is_empty() {
        let read = store.sessions_by_id(resolvers.statements(), session, now, list(&asked.sessions));
        let read = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
        found.extend(read.into_iter().map(|one| (NodeId::Session(one.id), NodeObject::Session(one))));
    }
    if !asked.addresses.is_empty() {
        let read = store.addresses_by_id(resolvers.statements(), session, now, list(&asked.addresses));
        let read = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
        found.extend(read.into_iter().map(|one| (NodeId::Address(one.id), NodeObject::Address(one))));
    }
    if asked.customer {
        let viewer = resolvers.viewer(ViewerHint { customer: true, ..ViewerHint::default() }).await?;
        let customer = viewer.and_then(|viewer| viewer.customer);
        found.extend(customer.map(|customer| (NodeId::Customer(customer.id), NodeObject::Customer(customer))));
    }
    Ok(())
}
