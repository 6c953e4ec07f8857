//! The shipped catalogue: imported in time, and found with one wrong letter.

use std::path::Path;
use std::time::{Duration, Instant};
use tidegate_model::catalog::{ProductFilter, ProductHint, ProductRef, ProductSort};
use tidegate_model::market::SHIPPED;
use tidegate_model::page::Page;
use tidegate_store::catalog::import::{ImportOptions, Kind, Source, import};

use crate::csv::{LATER, NOW, counts};
use crate::database::{Database, statements};

fn shipped() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "gz"));
    let source = |path: std::path::PathBuf| Source {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: Box::new(std::fs::File::open(path).unwrap()),
    };
    files.map(source).collect()
}

/// A small generator of its own (Knuth's MMIX constants), so that the edits are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn letter(&mut self) -> char {
        char::from(b'a' + u8::try_from(self.below(26)).unwrap())
    }

    /// One letter inserted, deleted, replaced, or changed with its neighbour.
    fn misspell(&mut self, title: &str) -> String {
        loop {
            let mut letters: Vec<char> = title.chars().collect();
            let at = self.below(letters.len());
            if !letters[at].is_alphabetic() {
                continue;
            }
            match self.below(4) {
                0 => letters.insert(at, self.letter()),
                1 => drop(letters.remove(at)),
                2 => letters[at] = self.letter(),
                _ if at + 1 < letters.len() => letters.swap(at, at + 1),
                _ => continue,
            }
            let misspelt: String = letters.into_iter().collect();
            if misspelt.to_lowercase() != title.to_lowercase() {
                return misspelt;
            }
        }
    }
}

fn quantile(times: &mut [Duration], share: usize) -> Duration {
    times.sort();
    times[(times.len() * share / 100).min(times.len() - 1)]
}

#[tokio::test]
async fn the_shipped_catalogue_is_imported_in_time_and_forgives_one_wrong_letter() {
    let database = Database::new().await;
    let start = Instant::now();
    let report = import(&database.url, shipped(), ImportOptions::default(), NOW, |_| {}).await.unwrap();
    let fresh = start.elapsed();
    let start = Instant::now();
    let again = import(&database.url, shipped(), ImportOptions::default(), LATER, |_| {}).await.unwrap();
    println!("{} products: fresh {fresh:?}, again {:?}", counts(&report, Kind::Products).inserted, start.elapsed());
    assert!(counts(&report, Kind::Products).inserted > 1_000);
    // Seconds; a busy machine gets a minute.
    assert!(fresh < Duration::from_mins(1), "{fresh:?}");
    assert!(!again.changed);

    let titles: Vec<(String, String)> =
        sqlx::query_as("select handle, title from product_listing order by md5(handle) limit 200")
            .fetch_all(&mut database.connect().await)
            .await
            .unwrap();
    let (mut dice, mut found, mut times, mut missed) = (Dice(42), 0, Vec::new(), Vec::new());
    for (handle, title) in &titles {
        let text = dice.misspell(title);
        let start = Instant::now();
        let filter = ProductFilter::default();
        let page = database.store.catalog_search(statements(), SHIPPED, text.clone(), Page::first(10), filter).await;
        times.push(start.elapsed());
        if page.unwrap().items.iter().any(|row| row.item.handle == *handle) {
            found += 1;
        } else {
            missed.push(format!("{title} as {text}"));
        }
    }
    println!(
        "{found} of {} found; p50 {:?} p99 {:?}",
        titles.len(),
        quantile(&mut times, 50),
        quantile(&mut times, 99)
    );
    println!("missed: {missed:#?}");
    assert!(found * 10 >= titles.len() * 9, "{missed:#?}");

    let (mut lists, mut pages) = (Vec::new(), Vec::new());
    for (handle, _) in &titles {
        let start = Instant::now();
        let (filter, sort) = (ProductFilter::default(), ProductSort::Relevance);
        database.store.catalog_products(statements(), SHIPPED, Page::first(24), filter, sort).await.unwrap();
        lists.push(start.elapsed());
        let start = Instant::now();
        let hint = ProductHint { variants: Some(250), collections: Some(250) };
        let by = ProductRef::Handle(handle.clone());
        database.store.catalog_product(statements(), SHIPPED, by, hint).await.unwrap().unwrap();
        pages.push(start.elapsed());
    }
    println!("list p50 {:?}, product page p50 {:?}", quantile(&mut lists, 50), quantile(&mut pages, 50));
}
