"""English: `testimony demo`."""

from typing import Final

DEMO: Final[dict[str, str]] = {
    "demo.opening": "The whole job on two invented interviews, one Arabic and one English, in {folder}",
    "demo.step.vaults": "Create two practice vaults, one for the field and one for a legal team",
    "demo.step.cards": "Exchange cards and compare their 40 digits",
    "demo.step.interviews": "Record both interviews, each with an exhibit of 64 MiB",
    "demo.step.finish": "Finish and sign both records",
    "demo.step.seal": "Seal them for the legal team, with codes instead of names",
    "demo.step.receive": "Receive the bundle in the vault of the legal team",
    "demo.step.verify": "Verify the bundle once more without any vault",
    "demo.step.tools": "Open the bundle again with the tools of others",
    "demo.step.forge": "Offer two bundles that are not what they claim",
    "demo.made.vaults": "{field} and {legal}",
    "demo.made.cards": "{field}\n{legal}",
    "demo.made.interviews": "{records}",
    "demo.made.finish": "Head of the log: {digits}",
    "demo.made.seal": "{path}, {size}",
    "demo.made.receive": "Receipt taken in: {receipt}; records taken in: {count}",
    "demo.made.verify": "Verdict: {verdict}; checks that hold: {checks}",
    "demo.tool.passed": "{tool}: passed",
    "demo.tool.failed": "{tool}: FAILED",
    "demo.tool.replaced": "this program opened the file in place of {tool}",
    "demo.tool.absent": "{tool}: not on this computer",
    "demo.column.step": "What was done, and what came of it",
    "demo.column.time": "Seconds",
    "demo.closing": "Everything lies in {folder}",
    "demo.closing.open": "To open the bundle with stock tools, follow HOW-TO-VERIFY.txt in {folder}",
    "demo.closing.temporary": "This folder is temporary. Use make demo DIR=folder to choose another.",
    "demo.not-ours": "There is something in {folder} that the demonstration did not make. Nothing was removed. "
    "Choose an empty folder.",
    "demo.not-refused": "A forged bundle was not refused. Do not use this installation.",
    "demo.not-taken-in": "The legal team could not take the bundle in. Do not use this installation.",
    "demo.tool-failed": "A stock tool did not accept the bundle. Do not use this installation.",
    "demo.refused.changed": "one byte changed on the way – {words}",
    "demo.refused.forged": "sealed by somebody else in the same name – {words}",
}
