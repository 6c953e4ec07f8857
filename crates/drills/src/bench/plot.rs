//! The report as a picture: CPU per request of the gateway and of PostgreSQL, next to the limit.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::figures::Figure;
use super::report::Report;

const SIZE: (u32, u32) = (900, 560);
const GATEWAY: RGBColor = RGBColor(0, 114, 178);
const POSTGRES: RGBColor = RGBColor(86, 180, 233);
const LIMIT: RGBColor = RGBColor(150, 150, 150);
/// Room for the titles of the operations, and above the chart.
const LEFT: i32 = 210;
const TOP: i32 = 70;
const BAR: i32 = 18;
const ROW: i32 = 58;

/// Draws it.
pub(super) fn draw(path: &Path, report: &Report) -> anyhow::Result<()> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let text = |size: i32| TextStyle::from(("sans-serif", size).into_font()).color(&BLACK);
    root.draw(&Text::new("CPU per request at 8 connections, microseconds", (20, 14), text(20)))?;
    let names = [("gateway", GATEWAY), ("PostgreSQL", POSTGRES), ("the same SQL, bare driver (or hello)", LIMIT)];
    for ((name, colour), left) in names.into_iter().zip([20, 130, 260]) {
        root.draw(&Rectangle::new([(left, 46), (left + 14, 60)], colour.filled()))?;
        root.draw(&Text::new(name, (left + 20, 46), text(14)))?;
    }
    let figures: Vec<&Figure> = report.targeted().collect();
    let most = figures.iter().map(|figure| figure.own_cpu_micros().max(figure.limit_cpu_micros())).fold(1.0, f64::max);
    let scale = f64::from(i32::try_from(SIZE.0).unwrap_or(0) - LEFT - 120) / most;
    let right = text(15).pos(Pos::new(HPos::Right, VPos::Top));
    for (figure, top) in figures.iter().zip((0..).map(|row| TOP + 10 + row * ROW)) {
        root.draw(&Text::new(figure.operation, (LEFT - 10, top + 10), right.clone()))?;
        let (gateway, all) = (pixels(figure.gateway.server_cpu_micros, scale), pixels(figure.own_cpu_micros(), scale));
        let limits = pixels(figure.limit_cpu_micros(), scale);
        root.draw(&Rectangle::new([(LEFT, top), (gateway, top + BAR)], GATEWAY.filled()))?;
        root.draw(&Rectangle::new([(gateway, top), (all, top + BAR)], POSTGRES.filled()))?;
        root.draw(&Rectangle::new([(LEFT, top + BAR + 2), (limits, top + 2 * BAR + 2)], LIMIT.filled()))?;
        let told = format!("{:.0}  (R {:.2})", figure.own_cpu_micros(), figure.r);
        root.draw(&Text::new(told, (all + 6, top + 2), text(14)))?;
        root.draw(&Text::new(format!("{:.0}", figure.limit_cpu_micros()), (limits + 6, top + BAR + 4), text(14)))?;
    }
    root.present()?;
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "pixels")]
fn pixels(micros: f64, scale: f64) -> i32 {
    LEFT + (micros * scale) as i32
}
