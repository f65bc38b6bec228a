//! Progressive pictures (T.81, annex G): all scans are read before the first row can be decoded, so
//! that the coefficients that matter are kept, and of the others no more than that they are there.

mod first;
mod plan;
mod refine;
mod store;
mod weights;

use crate::Error;
use crate::band::{Sink, Strip};
use crate::bits::Bits;
use crate::damage::{Damage, Options, Outcome};
use crate::header::Header;
use crate::huffman::{Invalid, Kind, Table};
use crate::idct;
use crate::limits::Limits;
use crate::restart::Restarts;
use crate::runs::Runs;
use crate::scale::Eighths;
use crate::scan::{Member, Scan};
use crate::tables::{Codes, Tables};
use plan::Plan;
use store::Store;
use weights::Weights;

/// What all scans together say.
#[derive(Debug)]
pub(crate) struct Coefficients {
    stores: Vec<Store>,
    outcome: Outcome,
}

/// Reads all scans that the sizes need.
pub(crate) fn read(
    file: &[u8],
    header: &Header<'_>,
    eighths: &[Eighths],
    options: Options,
    limits: &Limits,
) -> Result<Coefficients, Error> {
    let sizes: Vec<_> = eighths.iter().map(|eighths| eighths.size()).collect();
    let plan = Plan::new(&header.scans, &sizes);
    let weights = Weights::new(header);
    let mut stores = Store::all(&header.frame, eighths, &plan.mapped, limits)?;
    let mut damage = Damage::new(weights.total, options);
    let mut tables = header.tables.clone();
    let mut behind = None;
    let parts = header.scans.iter().zip(&plan.scans).zip(&weights.scans);
    for ((scan, &needed), &weight) in parts {
        if let Some(at) = behind {
            tables.note_until(file, at, scan.at)?;
        }
        behind = Some(scan.data.end);
        for member in &scan.members {
            let store = &mut stores[member.component];
            if store.factors.is_none() {
                let number = header.frame.components[member.component].quantization;
                let table = tables.quantization[usize::from(number)].as_deref();
                let table = table.ok_or_else(|| lacking(scan))?;
                store.factors = Some(idct::factors(table, store.eighths));
            }
        }
        if needed {
            let reading = Reading {
                file,
                header,
                scan,
                tables: &tables,
            };
            damage.scan(weight, scan.mcus(&header.frame));
            reading.read(&mut stores, &mut damage)?;
        } else {
            damage.left_out(weight);
        }
    }
    // Scans that are not there: of components that have none, or of any if the file has no end.
    if damage.outcome().share < 1.0 {
        damage.truncated()?;
    }
    Ok(Coefficients {
        stores,
        outcome: damage.outcome(),
    })
}

fn lacking(scan: &Scan) -> Error {
    Error::corrupt("a scan uses a table that the file lacks", scan.at)
}

/// A scan, and what it needs.
#[derive(Clone, Copy)]
struct Reading<'r> {
    file: &'r [u8],
    header: &'r Header<'r>,
    scan: &'r Scan,
    tables: &'r Tables,
}

impl Reading<'_> {
    fn read(self, stores: &mut [Store], damage: &mut Damage) -> Result<(), Error> {
        let scan = self.scan;
        match (scan.band.0, scan.bits.0, scan.members.as_slice()) {
            (0, 0, _) => self.first_dc(stores, damage),
            (0, ..) => self.refine_dc(stores, damage),
            (_, 0, [member]) => self.first_ac(*member, stores, damage),
            (.., [member]) => self.refine_ac(*member, stores, damage),
            _ => Ok(()),
        }
    }

    fn table(
        self,
        class: &[Option<Box<Codes>>; 4],
        number: usize,
        kind: Kind,
    ) -> Result<Table, Error> {
        let codes = class[number].as_deref().ok_or_else(|| lacking(self.scan))?;
        Table::new(codes, kind, self.scan.at)
    }

    fn first_dc(self, stores: &mut [Store], damage: &mut Damage) -> Result<(), Error> {
        let table = |member: &Member| self.table(&self.tables.dc, member.dc, Kind::Dc);
        let tables: Vec<_> = self
            .scan
            .members
            .iter()
            .map(table)
            .collect::<Result<_, _>>()?;
        let bit = self.scan.bits.1;
        self.each_mcu(damage, [0; 4], |predictions, bits, mcu| {
            let parts = self.scan.members.iter().zip(&tables).zip(predictions);
            for ((member, table), prediction) in parts {
                self.each_block(member, stores, mcu, |value| {
                    *value = first::dc(bits, table, prediction, bit)?;
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    fn refine_dc(self, stores: &mut [Store], damage: &mut Damage) -> Result<(), Error> {
        let bit = self.scan.bits.1;
        self.each_mcu(damage, (), |(), bits, mcu| {
            for member in &self.scan.members {
                self.each_block(member, stores, mcu, |value| {
                    refine::dc(bits, value, bit);
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    fn first_ac(
        self,
        member: Member,
        stores: &mut [Store],
        damage: &mut Damage,
    ) -> Result<(), Error> {
        let table = self.table(&self.tables.ac, member.ac, Kind::First)?;
        let runs = (!self.is_small()).then(|| Runs::new(&table));
        let (first, last) = self.scan.band;
        let band = first::Band {
            first: u32::from(first),
            last: u32::from(last),
            bit: self.scan.bits.1,
            table: &table,
            runs: runs.as_ref(),
        };
        let store = &mut stores[member.component];
        self.each_mcu(damage, 0, |ended, bits, (x, y)| {
            let number = store.number(x, y);
            band.block(ended, bits, store, number)
        })
    }

    fn refine_ac(
        self,
        member: Member,
        stores: &mut [Store],
        damage: &mut Damage,
    ) -> Result<(), Error> {
        let table = self.table(&self.tables.ac, member.ac, Kind::Refine)?;
        let band = refine::Band {
            places: plan::band(self.scan),
            bit: self.scan.bits.1,
            table: &table,
        };
        let store = &mut stores[member.component];
        self.each_mcu(damage, 0, |ended, bits, (x, y)| {
            let number = store.number(x, y);
            band.block(ended, bits, store, number)
        })
    }

    /// Whether a scan is read sooner than a table for several symbols is made.
    fn is_small(self) -> bool {
        self.scan.blocks(&self.header.frame) < 2_000
    }

    /// Visits the first coefficients of a component's blocks in an MCU.
    #[inline(always)]
    fn each_block(
        self,
        member: &Member,
        stores: &mut [Store],
        (x, y): (usize, usize),
        mut visit: impl FnMut(&mut i16) -> Result<(), Invalid>,
    ) -> Result<(), Invalid> {
        let component = &self.header.frame.components[member.component];
        let (across, down) = self.scan.blocks_of(component);
        let store = &mut stores[member.component];
        for y in y * down..(y + 1) * down {
            for x in x * across..(x + 1) * across {
                let number = store.number(x, y);
                visit(&mut store.values(number)[0])?;
            }
        }
        Ok(())
    }

    /// Visits the MCUs of the scan. `start` is what each restart interval starts with.
    #[inline(always)]
    fn each_mcu<S: Copy>(
        self,
        damage: &mut Damage,
        start: S,
        mut visit: impl FnMut(&mut S, &mut Bits<'_>, (usize, usize)) -> Result<(), Invalid>,
    ) -> Result<(), Error> {
        let scan = self.scan;
        let mut bits = Bits::new(&self.file[scan.data.clone()]);
        let mut restarts = Restarts::new(self.tables.restart_interval);
        let (across, down) = scan.mcus(&self.header.frame);
        let corrupt = |bits: &Bits<'_>, what| Error::corrupt(what, scan.data.end - bits.unread());
        let mut state = start;
        for y in 0..down {
            let mut x = 0;
            while x < across {
                let mcu = y as u64 * across as u64 + x as u64;
                if restarts.is_due(mcu) {
                    state = start;
                    restarts.pass_or_fail(&mut bits, damage, scan.data.end)?;
                }
                let (run, lost) = restarts.run(mcu);
                let left = across - x;
                let to = x + usize::try_from(run).map_or(left, |run| run.min(left));
                if lost {
                    x = to;
                    continue;
                }
                let mut reader = bits;
                let mut stopped = false;
                let from = x;
                while x < to {
                    if visit(&mut state, &mut reader, (x, y)).is_err() || reader.overrun() {
                        stopped = true;
                        break;
                    }
                    x += 1;
                }
                bits = reader;
                damage.done(x - from);
                if stopped {
                    if bits.at_end() {
                        damage.truncated()?;
                    } else {
                        let what = "the picture data contradict themselves";
                        damage.unless_allowed(corrupt(&bits, what))?;
                    }
                    restarts.lose_interval();
                }
            }
        }
        Ok(())
    }
}

impl Coefficients {
    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Transforms all blocks and hands the rows on.
    pub(crate) fn emit(&self, header: &Header<'_>, sink: &mut impl Sink) {
        let frame = &header.frame;
        let parts = || self.stores.iter().zip(&frame.components);
        let mut strips: Vec<_> = parts()
            .enumerate()
            .map(|(i, (store, component))| {
                let room = (store.across(), component.factors().1);
                Strip::new(i, component, store.eighths, room)
            })
            .collect();
        for row in 0..frame.mcus.1 {
            for ((store, component), strip) in parts().zip(&mut strips) {
                let (_, down) = component.factors();
                for y in 0..down {
                    store.transform(row * down + y, y, strip);
                }
                strip.emit(sink);
            }
        }
    }
}
