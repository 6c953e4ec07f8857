//! Orders.

use async_trait::async_trait;
use tidegate_model::Failure;
use tidegate_model::id::OrderId;
use tidegate_model::order::{Order, OrderHint, OrderLine};
use tidegate_model::page::{Page, Slice, Window};
use tidegate_schema::ports::{Answer, OrderPort};
use tidegate_store::order::OrderFound;

use crate::RequestResolvers;
use crate::failure::failure;

impl RequestResolvers {
    async fn read_order(&self, id: OrderId, page: Option<Page>) -> Answer<Option<(Order, Slice<OrderLine>)>> {
        let Some(session) = self.request.viewer.session else { return Ok(None) };
        let found = self.store().order(self.statements(), session, id, self.request.now, page);
        match found.await.map_err(failure)? {
            OrderFound::Found(order, lines) => Ok(Some((*order, lines))),
            OrderFound::Missing => Ok(None),
            OrderFound::SessionRevoked => Err(Failure::SessionRevoked),
        }
    }
}

#[async_trait]
impl OrderPort for RequestResolvers {
    async fn order(&self, id: OrderId, hint: OrderHint) -> Answer<Option<Order>> {
        let page = self.hint(hint).lines.map(Page::first);
        let ahead = page.is_some();
        let found = self.read_order(id, page).await?;
        Ok(found.map(|(mut order, lines)| {
            if ahead {
                order.lines = Some(Window { complete: !lines.has_next, items: lines.items });
            }
            order
        }))
    }

    async fn order_lines(&self, order: OrderId, page: Page) -> Answer<Slice<OrderLine>> {
        Ok(self.read_order(order, Some(page)).await?.map_or_else(Slice::empty, |(_, lines)| lines))
    }
}
