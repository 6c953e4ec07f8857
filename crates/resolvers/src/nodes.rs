//! Objects by id.

use std::collections::HashMap;
use tidegate_model::CursorKey;
use tidegate_model::cart::CartHint;
use tidegate_model::id::{CartLineId, NodeId, OrderLineId};
use tidegate_model::order::OrderHint;
use tidegate_model::page::Page;
use tidegate_schema::ports::{Answer, CartPort as _, IdentityPort as _, NodeObject, OrderPort as _, ViewerHint};
use uuid::Uuid;

use crate::RequestResolvers;
use crate::failure::failure;

/// Finds objects in the order asked for: one statement for all products, variants and collections, each; what is
/// private one by one, checked against the viewer's session.
pub(crate) async fn nodes(resolvers: &RequestResolvers, ids: Vec<NodeId>) -> Answer<Vec<Option<NodeObject>>> {
    let mut found = public(resolvers, &ids).await?;
    let mut objects = Vec::with_capacity(ids.len());
    for id in ids {
        if let NodeId::Product(_) | NodeId::Variant(_) | NodeId::Collection(_) = id {
            objects.push(found.get(&id).cloned());
            continue;
        }
        // The same private id twice costs one look-up.
        if !found.contains_key(&id)
            && let Some(object) = private(resolvers, id).await?
        {
            found.insert(id, object);
        }
        objects.push(found.get(&id).cloned());
    }
    Ok(objects)
}

async fn public(resolvers: &RequestResolvers, ids: &[NodeId]) -> Answer<HashMap<NodeId, NodeObject>> {
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

async fn private(resolvers: &RequestResolvers, id: NodeId) -> Answer<Option<NodeObject>> {
    Ok(match id {
        NodeId::Cart(id) => resolvers.cart(id, CartHint::default()).await?.map(NodeObject::Cart),
        NodeId::CartLine(id) => cart_line(resolvers, id).await?,
        NodeId::Order(id) => resolvers.order(id, OrderHint::default()).await?.map(NodeObject::Order),
        NodeId::OrderLine(id) => order_line(resolvers, id).await?,
        NodeId::Session(id) => resolvers.session_by_id(id).await?.map(NodeObject::Session),
        NodeId::Customer(id) => {
            let viewer = resolvers.viewer(ViewerHint { customer: true, ..ViewerHint::default() }).await?;
            let customer = viewer.and_then(|viewer| viewer.customer);
            customer.filter(|customer| customer.id == id).map(NodeObject::Customer)
        }
        NodeId::Address(id) => resolvers.address(id).await?.map(NodeObject::Address),
        // A payment is read through its order.
        NodeId::Payment(_) | NodeId::Product(_) | NodeId::Variant(_) | NodeId::Collection(_) => None,
    })
}

/// What is not there, or not the viewer's. A session that has ended is told so, as by every private field.
async fn nothing(resolvers: &RequestResolvers) -> Answer<Option<NodeObject>> {
    resolvers.viewer(ViewerHint::default()).await?;
    Ok(None)
}

async fn cart_line(resolvers: &RequestResolvers, id: CartLineId) -> Answer<Option<NodeObject>> {
    let find = resolvers.store().cart_of_line(resolvers.statements(), resolvers.access(), id);
    let Some(cart) = find.await.map_err(failure)? else { return nothing(resolvers).await };
    let before = Uuid::from_u128(id.0.as_u128().saturating_sub(1));
    let page = Page { cursor: Some(CursorKey::Id(before)), ..Page::first(1) };
    let line = resolvers.cart_lines(cart, page).await?.items.into_iter().map(|row| row.item).next();
    Ok(line.filter(|line| line.id == id).map(NodeObject::CartLine))
}

async fn order_line(resolvers: &RequestResolvers, id: OrderLineId) -> Answer<Option<NodeObject>> {
    let Some(session) = resolvers.request.viewer.session else { return Ok(None) };
    let find = resolvers.store().order_of_line(resolvers.statements(), session, id, resolvers.request.now);
    let Some((order, position)) = find.await.map_err(failure)? else { return nothing(resolvers).await };
    let page = Page { cursor: Some(CursorKey::Position(position - 1, Uuid::nil())), ..Page::first(1) };
    let line = resolvers.order_lines(order, false, page).await?.items.into_iter().map(|row| row.item).next();
    Ok(line.map(NodeObject::OrderLine))
}
