//! Orders.

use async_trait::async_trait;
use tidegate_model::Failure;
use tidegate_model::id::OrderId;
use tidegate_model::order::{Order, OrderHint, OrderLine};
use tidegate_model::page::{Page, Slice, Window};
use tidegate_schema::ports::{Answer, OrderPort};
use tidegate_store::order::{OrderAccess, OrderFound};

use crate::RequestResolvers;
use crate::failure::failure;

impl RequestResolvers {
    async fn read_order(
        &self,
        access: OrderAccess,
        id: OrderId,
        page: Option<Page>,
    ) -> Answer<Option<(Order, Slice<OrderLine>)>> {
        let found = self.store().order(self.statements(), access, id, self.request.now, page);
        match found.await.map_err(failure)? {
            OrderFound::Found(order, lines) => Ok(Some((*order, lines))),
            OrderFound::Missing => Ok(None),
            OrderFound::SessionRevoked => Err(Failure::SessionRevoked),
        }
    }
}

impl RequestResolvers {
    async fn order_with_lines(&self, access: OrderAccess, id: OrderId, hint: OrderHint) -> Answer<Option<Order>> {
        let page = self.hint(hint).lines.map(Page::first);
        let ahead = page.is_some();
        let found = self.read_order(access, id, page).await?;
        Ok(found.map(|(mut order, lines)| {
            if ahead {
                order.lines = Some(Window { complete: !lines.has_next, items: lines.items });
            }
            order
        }))
    }

    /// An order for whoever holds a verified link to it.
    pub(crate) async fn linked_order(&self, id: OrderId, hint: OrderHint) -> Answer<Option<Order>> {
        let order = self.order_with_lines(OrderAccess::Link, id, hint).await?;
        Ok(order.map(|order| Order { by_link: true, ..order }))
    }
}

#[async_trait]
impl OrderPort for RequestResolvers {
    async fn order(&self, id: OrderId, hint: OrderHint) -> Answer<Option<Order>> {
        let Some(session) = self.request.viewer.session else { return Ok(None) };
        self.reading(|| self.order_with_lines(OrderAccess::Session(session), id, hint)).await
    }

    async fn order_lines(&self, order: OrderId, by_link: bool, page: Page) -> Answer<Slice<OrderLine>> {
        let access = match self.request.viewer.session {
            _ if by_link => OrderAccess::Link,
            Some(session) => OrderAccess::Session(session),
            None => return Ok(Slice::empty()),
        };
        let read = self.read_order(access, order, Some(page));
        Ok(read.await?.map_or_else(Slice::empty, |(_, lines)| lines))
    }
}
