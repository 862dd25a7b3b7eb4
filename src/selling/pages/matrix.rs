//! The map as a table: place × section, each cell with its companies and who has them.

use std::collections::HashMap;

use crate::accounts::{Whose, user_names};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::selling::actions::{Matrix, matrix};
use crate::selling::rules::explain::{place, trade};
use crate::selling::rules::territory::Cell;

/// One cell.
pub(super) struct CellView {
    /// All of its companies.
    pub total: i64,
    /// `gap`, `overlap`, `one`, or empty without companies.
    pub kind: &'static str,
    /// Who has them, or what is wrong, in words.
    pub text: String,
}

/// One place.
pub(super) struct RowView {
    pub name: String,
    pub cells: Vec<CellView>,
}

/// The whole map.
pub(super) struct MatrixView {
    pub columns: Vec<String>,
    pub rows: Vec<RowView>,
    pub total: i64,
    pub gap: i64,
    pub overlap: i64,
}

/// Reads the map and puts it into words. What another team has is no gap, but who has it there is not said.
pub(super) fn matrix_view(
    conn: &mut Conn,
    ctx: &PageContext,
    whose: &Whose,
) -> AppResult<MatrixView> {
    let made = matrix(conn)?;
    let ids: Vec<i64> = made
        .cells
        .values()
        .flat_map(|cell| cell.reps.keys().chain(&cell.meeting))
        .copied()
        .collect();
    let mut names = user_names(conn, &ids)?;
    for (id, name) in &mut names {
        if !whose.includes(*id) {
            *name = ctx.t("territory-other-team");
        }
    }
    Ok(view(ctx, &made, &names))
}

fn view(ctx: &PageContext, made: &Matrix, names: &HashMap<i64, String>) -> MatrixView {
    let lang = ctx.language;
    let label = |code: &Option<String>, name: &dyn Fn(&str) -> String| match code {
        Some(code) => name(code),
        None => ctx.t("territory-unknown"),
    };
    let mut columns: Vec<String> = made
        .columns
        .iter()
        .map(|c| label(c, &|code| trade(lang, code)))
        .collect();
    let mut rows: Vec<String> = made
        .rows
        .iter()
        .map(|r| label(r, &|code| place(lang, code)))
        .collect();
    // What is not shown by name stands behind, where there is any.
    let has = |test: &dyn Fn(&(usize, usize)) -> bool| made.cells.keys().any(test);
    if has(&|(_, column)| *column == made.columns.len()) {
        columns.push(ctx.t("territory-others"));
    }
    if has(&|(row, _)| *row == made.rows.len()) {
        rows.push(ctx.t("territory-others"));
    }
    let empty = Cell::default();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(row, name)| RowView {
            name,
            cells: (0..columns.len())
                .map(|column| {
                    cell_view(ctx, made.cells.get(&(row, column)).unwrap_or(&empty), names)
                })
                .collect(),
        })
        .collect();
    MatrixView {
        columns,
        rows,
        total: made.total.total(),
        gap: made.total.gap,
        overlap: made.total.overlap,
    }
}

fn cell_view(ctx: &PageContext, cell: &Cell, names: &HashMap<i64, String>) -> CellView {
    let name = |id: &i64| names.get(id).cloned().unwrap_or_default();
    let mut parts = Vec::new();
    if cell.gap > 0 {
        parts.push(ctx.t1("territory-cell-gap", "n", ctx.number(cell.gap)));
    }
    if cell.overlap > 0 {
        let who: Vec<String> = cell.meeting.iter().map(name).collect();
        parts.push(ctx.t2(
            "territory-cell-overlap",
            "n",
            ctx.number(cell.overlap),
            "names",
            who.join(&ctx.t("assign-name-and")),
        ));
    }
    for (rep, n) in &cell.reps {
        parts.push(ctx.t2("territory-cell-rep", "name", name(rep), "n", ctx.number(*n)));
    }
    CellView {
        total: cell.total(),
        kind: match (cell.total(), cell.overlap, cell.gap) {
            (0, ..) => "",
            (_, 1.., _) => "overlap",
            (_, _, 1..) => "gap",
            _ => "one",
        },
        text: parts.join("\n"),
    }
}
