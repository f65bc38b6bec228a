//! Sequential pictures: each scan is decoded once, from top to bottom, and nothing is kept of it but one
//! row of MCUs.

mod block;
mod run;

use crate::Error;
use crate::band::{Sink, Strip};
use crate::bits::Bits;
use crate::damage::{Damage, Options, Outcome};
use crate::frame::Component;
use crate::header::Header;
use crate::huffman::{Kind, Table};
use crate::idct::{self, Factors};
use crate::restart::Restarts;
use crate::scale::Eighths;
use crate::scan::{Member, Scan};
use crate::skips::Skips;
use crate::standard;
use crate::tables::{Codes, Tables};

/// Pictures with fewer blocks are decoded sooner than a table of skipped symbols is made.
const WORTH_SKIPPING: u64 = 2_000;

/// The AC table of some components.
#[derive(Debug)]
struct Coefficients {
    table: Table,
    skips: Option<Skips>,
}

/// A component in a scan.
#[derive(Debug)]
struct Channel<'t> {
    dc: &'t Table,
    ac: &'t Coefficients,
    factors: Factors,
    eighths: Eighths,
    /// The DC coefficient of the block before.
    prediction: i32,
    /// Blocks in an MCU: side by side, and one above the other.
    blocks: (usize, usize),
    strip: Strip,
}

/// Decodes all scans.
pub(crate) fn decode(
    file: &[u8],
    header: &Header<'_>,
    eighths: &[Eighths],
    options: Options,
    sink: &mut impl Sink,
) -> Result<Outcome, Error> {
    let components = &header.frame.components;
    let total = components.iter().map(Component::used_blocks).sum();
    let mut damage = Damage::new(total, options);
    let mut tables = header.tables.clone();
    let mut behind = None;
    for scan in &header.scans {
        if let Some(at) = behind {
            tables.note_until(file, at, scan.at)?;
        }
        behind = Some(scan.data.end);
        let derived = Derived::new(scan, &tables, scan.blocks(&header.frame) >= WORTH_SKIPPING)?;
        let channels = channels(header, scan, &tables, &derived, eighths)?;
        let restarts = Restarts::new(tables.restart_interval);
        decode_scan(file, header, scan, channels, restarts, &mut damage, sink)?;
    }
    for (index, component) in components.iter().enumerate() {
        let mut members = header.scans.iter().flat_map(|scan| &scan.members);
        if !members.any(|member| member.component == index) {
            let (across, down) = component.blocks;
            damage.truncated()?;
            let mut strip = Strip::new(index, component, eighths[index], (across, 1));
            strip.blank(0, across);
            (0..down).for_each(|_| strip.emit(sink));
        }
    }
    Ok(damage.outcome())
}

fn channels<'t>(
    header: &Header<'_>,
    scan: &Scan,
    tables: &Tables,
    derived: &'t Derived,
    eighths: &[Eighths],
) -> Result<Vec<Channel<'t>>, Error> {
    let lacking = || Error::corrupt("a scan uses a table that the file lacks", scan.at);
    let (across, _) = scan.mcus(&header.frame);
    let channel = |member: &Member| {
        let component = &header.frame.components[member.component];
        let table = tables.quantization[usize::from(component.quantization)].as_deref();
        let blocks = scan.blocks_of(component);
        let eighths = eighths[member.component];
        let room = (across * blocks.0, blocks.1);
        Ok(Channel {
            dc: derived.dc[member.dc].as_ref().ok_or_else(lacking)?,
            ac: derived.ac[member.ac].as_ref().ok_or_else(lacking)?,
            factors: idct::factors(table.ok_or_else(lacking)?, eighths),
            eighths,
            prediction: 0,
            blocks,
            strip: Strip::new(member.component, component, eighths, room),
        })
    };
    scan.members.iter().map(channel).collect()
}

fn decode_scan(
    file: &[u8],
    header: &Header<'_>,
    scan: &Scan,
    mut channels: Vec<Channel<'_>>,
    mut restarts: Restarts,
    damage: &mut Damage,
    sink: &mut impl Sink,
) -> Result<(), Error> {
    let mut bits = Bits::new(&file[scan.data.clone()]);
    let (across, down) = scan.mcus(&header.frame);
    damage.scan(scan.used_blocks(&header.frame), (across, down));
    let corrupt = |bits: &Bits<'_>, what| Error::corrupt(what, scan.data.end - bits.unread());
    for row in 0..down {
        let first = row as u64 * across as u64;
        let mut x = 0;
        while x < across {
            let mcu = first + x as u64;
            if restarts.is_due(mcu) {
                restarts.pass_or_fail(&mut bits, damage, scan.data.end)?;
                for channel in &mut channels {
                    channel.prediction = 0;
                }
            }
            let (run, lost) = restarts.run(mcu);
            let to = across.min(usize::try_from(run).map_or(across, |run| x.saturating_add(run)));
            if lost {
                blank(&mut channels, x, to);
                x = to;
                continue;
            }
            match run::decode(&mut bits, &mut channels, x, to) {
                Ok(()) => {
                    damage.done(to - x);
                    x = to;
                }
                Err(stop) => {
                    damage.done(stop.mcu - x);
                    if stop.at_end {
                        damage.truncated()?;
                    } else {
                        let what = "the picture data contradict themselves";
                        damage.unless_allowed(corrupt(&bits, what))?;
                    }
                    restarts.lose_interval();
                    x = stop.mcu;
                }
            }
        }
        for channel in &mut channels {
            channel.strip.emit(sink);
        }
    }
    Ok(())
}

fn blank(channels: &mut [Channel<'_>], from: usize, to: usize) {
    for channel in channels {
        let (across, _) = channel.blocks;
        channel.strip.blank(from * across, to * across);
    }
}

/// Derives the Huffman tables that a scan's components use, once for all that share one.
#[derive(Default)]
struct Derived {
    dc: [Option<Table>; 4],
    ac: [Option<Coefficients>; 4],
}

impl Derived {
    fn new(scan: &Scan, tables: &Tables, skipping: bool) -> Result<Self, Error> {
        let mut derived = Self::default();
        for member in &scan.members {
            if derived.dc[member.dc].is_none() {
                let codes = installed(&tables.dc, &standard::DC, member.dc, scan.at)?;
                derived.dc[member.dc] = Some(Table::new(codes, Kind::Dc, scan.at)?);
            }
            if derived.ac[member.ac].is_none() {
                let codes = installed(&tables.ac, &standard::AC, member.ac, scan.at)?;
                let table = Table::new(codes, Kind::Ac, scan.at)?;
                let skips = skipping.then(|| Skips::new(&table));
                derived.ac[member.ac] = Some(Coefficients { table, skips });
            }
        }
        Ok(derived)
    }
}

/// The table with a number, or the standard's where the file has none.
fn installed<'t>(
    tables: &'t [Option<Box<Codes>>; 4],
    standard: &'t [Codes; 2],
    number: usize,
    at: usize,
) -> Result<&'t Codes, Error> {
    tables[number]
        .as_deref()
        .or(standard.get(number))
        .ok_or_else(|| Error::corrupt("a scan uses a Huffman table that the file lacks", at))
}
