"""Arabic: what the reason codes of a redaction mean."""

from typing import Final

REASONS: Final[dict[str, str]] = {
    "reason.code.W-ID": "يكشف من هو الشاهد.",
    "reason.code.W-CONTACT": "يكشف كيف يُتصل بالشاهد.",
    "reason.code.W-LOC": "يكشف أين يسكن الشاهد أو أين سُمعت إفادته.",
    "reason.code.FAM": "يكشف من هي أسرة الشاهد.",
    "reason.code.THIRD": "يكشف هوية شخص آخر.",
    "reason.code.CHILD": "يكشف هوية طفل.",
    "reason.code.SV-DETAIL": "تفصيل عن عنف جنسي لا تحتاج إليه الجهة.",
    "reason.code.INTERVIEWER": "يكشف من هو المُقابِل.",
    "reason.code.INTERPRETER": "يكشف من هو المترجم.",
    "reason.code.INTERMEDIARY": "يكشف من هو الوسيط الذي أحضر الشاهد.",
    "reason.code.SOURCE": "يكشف ممن جاءت المعلومة.",
    "reason.code.METHOD": "يكشف كيف تعمل المنظمة.",
    "reason.code.PRIVATE": "أمر خاص لا يتعلق بما حدث.",
    "reason.code.CONSENT": "لم يوافق الشاهد على مشاركته.",
    "reason.code.OTHER": "سبب آخر.",
}
