"""Arabic: passages that are restricted after finishing."""

from typing import Final

RESTRICTIONS: Final[dict[str, str]] = {
    "command.restrict.line": "يمنع فقرة من سجل مغلق عن كل جهة.",
    "command.restrict.help": "يمنع فقرة من سجل مغلق عن كل جهة، في كل مستوى كشف وفي كل نسخه. لا يتغير شيء في السجل، ويقول السجل الزمني إن ذلك حدث. "
    "ولا يصل ذلك إلى ما سُلّم من قبل.",
    "command.restrict.one-thing": "اختر --paragraph N أو --list، والخيار --json مع --list.",
    "command.restrict.done": "الفقرة {paragraph} من {record_id} لا تذهب إلى أحد من الآن.",
    "command.restrict.lifted": "الفقرة {paragraph} من {record_id} تتبع الموافقة ومستوى الكشف من جديد.",
    "command.restrict.none": "لا شيء ممنوع من {record_id}.",
    "command.column.version": "النسخة",
    "command.option.restrict-paragraph": "رقم الفقرة.",
    "command.option.restrict-version": "النسخة التي لها فيها هذا الرقم، وإلا فالأحدث.",
    "command.option.restrict-reason": "السبب للسجل الزمني: طلب الشخص، أو سلامة أحد، أو سبب آخر.",
    "command.option.restrict-lift": "يرفع المنع.",
    "command.option.restrict-list": "يعرض أرقام الفقرات الممنوعة.",
    "failure.not-found.paragraph": "ليست في السجل فقرة بهذا الرقم.",
    "failure.not-found.restriction": "هذه الفقرة ليست ممنوعة.",
}
