//! Images.

use async_graphql::Object;
use tidegate_model::catalog;

use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::Url;

/// An image.
#[derive(Debug, Clone)]
pub struct Image(pub catalog::Image);

/// An image.
#[Object]
impl Image {
    /// Where it is.
    async fn url(&self) -> Url {
        Url(self.0.url.clone())
    }

    /// What it shows, in words.
    async fn alt_text(&self) -> &str {
        &self.0.alt_text
    }

    /// In pixels.
    async fn width(&self) -> i32 {
        self.0.width
    }

    /// In pixels.
    async fn height(&self) -> i32 {
        self.0.height
    }
}

impl Plain for catalog::Image {
    const NAME: &'static str = "Image";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "url" => to.text(&self.url),
            "altText" => to.text(&self.alt_text),
            "width" => to.int(self.width),
            "height" => to.int(self.height),
            _ => Err(NotPlain),
        }
    }
}
