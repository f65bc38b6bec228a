//! What every layout promises, whatever the picture.

use proptest::prelude::*;

use super::*;

/// A rectangle: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

fn around(middle: Point, size: Size) -> Area {
    (
        middle.x - size.width / 2.0,
        middle.y - size.height / 2.0,
        middle.x + size.width / 2.0,
        middle.y + size.height / 2.0,
    )
}

fn overlap(a: Area, b: Area) -> bool {
    a.0 < b.2 - 0.5 && b.0 < a.2 - 0.5 && a.1 < b.3 - 0.5 && b.1 < a.3 - 0.5
}

fn inside(point: Point, area: Area) -> bool {
    point.x > area.0 + 0.5
        && point.x < area.2 - 0.5
        && point.y > area.1 + 0.5
        && point.y < area.3 - 0.5
}

/// Points along an arrow, as it is drawn.
fn along(route: &Route) -> Vec<Point> {
    let mut points = Vec::new();
    for pair in route.points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        for step in 0..=24 {
            let t = f64::from(step) / 24.0;
            // A cubic curve that starts and ends level, with both handles in the middle.
            let handle = 3.0 * t * (1.0 - t);
            let (x, y) = if route.down {
                (from.x, from.y + (to.y - from.y) * t)
            } else {
                let middle = f64::midpoint(from.x, to.x);
                let (start, end) = ((1.0 - t).powi(3), t.powi(3));
                let at = |from: f64, to: f64, first: f64, second: f64| {
                    start * from + handle * ((1.0 - t) * first + t * second) + end * to
                };
                (
                    at(from.x, to.x, middle, middle),
                    at(from.y, to.y, from.y, to.y),
                )
            };
            points.push(Point { x, y });
        }
    }
    points
}

fn check(things: &[Size], links: &[Link]) -> Result<(), TestCaseError> {
    let layout = layout(things, links);
    let boxes: Vec<Area> = layout
        .things
        .iter()
        .zip(things.iter().zip(&layout.heights))
        .map(|(middle, (size, height))| {
            let size = Size {
                height: *height,
                ..*size
            };
            around(*middle, size)
        })
        .collect();
    let words: Vec<Area> = layout
        .routes
        .iter()
        .zip(links)
        .map(|(route, link)| around(route.label, link.label))
        .collect();
    let whole = (0.0, 0.0, layout.size.width, layout.size.height);
    let all: Vec<Area> = boxes.iter().chain(&words).copied().collect();
    for (index, area) in all.iter().enumerate() {
        prop_assert!(
            area.0 >= whole.0 - 0.5
                && area.1 >= whole.1 - 0.5
                && area.2 <= whole.2 + 0.5
                && area.3 <= whole.3 + 0.5,
            "{area:?} is outside of {whole:?}"
        );
        for other in &all[index + 1..] {
            prop_assert!(!overlap(*area, *other), "{area:?} and {other:?} overlap");
        }
    }
    for (index, route) in layout.routes.iter().enumerate() {
        for point in along(route) {
            for area in &boxes {
                prop_assert!(
                    !inside(point, *area),
                    "arrow {index} crosses a box at {point:?}"
                );
            }
            for (other, area) in words.iter().enumerate() {
                // An arrow that goes down leaves room for its own words.
                let own = other == index && route.down;
                prop_assert!(
                    own || !inside(point, *area),
                    "arrow {index} crosses the words of {other} at {point:?}"
                );
            }
        }
    }
    let again = super::layout(things, links);
    prop_assert_eq!(layout, again);
    Ok(())
}

fn size() -> impl Strategy<Value = Size> {
    (80_u8..160, 34_u8..100).prop_map(|(width, height)| Size {
        width: f64::from(width),
        height: f64::from(height),
    })
}

fn words() -> impl Strategy<Value = Size> {
    (10_u8..110, 0_u8..5).prop_map(|(width, lines)| Size {
        width: f64::from(width),
        height: f64::from(lines) * 14.0,
    })
}

/// Things with arrows between them; some have an alarm of their own below them.
pub(super) fn picture() -> impl Strategy<Value = (Vec<Size>, Vec<Link>)> {
    let things = prop::collection::vec(size(), 1..8);
    let ends = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let links = prop::collection::vec((ends, words(), any::<bool>(), 0_u8..3), 0..14);
    let below = prop::collection::vec((any::<bool>(), size(), words()), 8);
    (things, links, below).prop_map(|(mut things, links, below)| {
        let count = things.len();
        let mut all: Vec<Link> = links
            .into_iter()
            .map(|((from, to), label, backwards, rank)| Link {
                from: from.index(count),
                to: to.index(count),
                label,
                backwards,
                rank,
                down: None,
            })
            .filter(|link| link.from != link.to)
            .collect();
        for (thing, (has, size, label)) in below.into_iter().enumerate().take(count) {
            if has {
                all.push(Link {
                    from: thing,
                    to: things.len(),
                    label,
                    backwards: false,
                    rank: 1,
                    down: Some(Satellite::End),
                });
                things.push(size);
            }
        }
        (things, all)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_overlaps_and_no_arrow_crosses_a_box_or_words((things, links) in picture()) {
        check(&things, &links)?;
    }
}

#[test]
fn what_can_be_level_is_level() {
    let size = Size {
        width: 100.0,
        height: 50.0,
    };
    let link = |from, to| Link {
        from,
        to,
        label: Size {
            width: 60.0,
            height: 14.0,
        },
        backwards: false,
        rank: 0,
        down: None,
    };
    let layout = layout(&[size; 4], &[link(0, 1), link(1, 2), link(2, 3)]);
    for route in &layout.routes {
        let y = route.points[0].y;
        assert!(
            route.points.iter().all(|point| (point.y - y).abs() < 0.1),
            "{route:?}"
        );
    }
}
