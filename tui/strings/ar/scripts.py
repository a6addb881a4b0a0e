"""Arabic: the text that is read out before consent."""

from typing import Final

SCRIPTS: Final[dict[str, str]] = {
    "limits.script": "اختر النص واقرأه بصوت مسموع. يحفظ السجل بصمته.",
    "problem.C14": "اختر النص الذي قُرئ: على الشاشة تحت «شُرحت الحدود»، وفي ملف برمز نص من هذه الخزنة.",
    "problem.C14-unknown": "لا نص كهذا بهذا الرمز في هذه الخزنة. اختر أحد نصوصها، أو أضف نصك بالأمر testimony script add.",
    "problem.C14-language": "النص بلغة غير لغة المقابلة. اختر نصًا بلغتها أو اكتب رمز المترجم.",
    "problem.C17": "اذكر لكل إفادة سابقة لماذا تؤخذ رواية كاملة من جديد.",
    "command.script.line": "النصوص التي تُقرأ قبل الموافقة: إضافتها وعرضها.",
    "command.script.help": "النصوص التي تُقرأ على الشاهد قبل الموافقة. يحفظ السجل بصمة النص الذي قُرئ. في البرنامج نص قصير بالعربية وآخر بالإنكليزية.",
    "command.script-add.line": "إضافة نص يُقرأ قبل الموافقة.",
    "command.script-add.help": "أضف نصًا (UTF-8، أسطر بسيطة). يبقى رمزه مرتبطًا ببايتاته: النص المعدَّل يحتاج رمزًا جديدًا.",
    "command.script-add.done": "يمكن الآن قراءة النص {script}.\nSHA-256 {digest}",
    "command.script-list.line": "عرض النصوص التي يمكن قراءتها.",
    "command.script-list.help": "عرض النصوص برموزها مع اللغة والبصمة.",
    "command.script-show.line": "عرض نص لقراءته بصوت مسموع.",
    "command.script-show.help": "عرض النص كما يُقرأ.",
    "command.column.script": "النص",
    "command.column.language": "اللغة",
    "command.option.script-code": "رمز النص: أحرف لاتينية وأرقام ونقطة وشرطة. إن لم يُعطَ فاسم الملف قبل .txt.",
    "command.option.script-language": "لغة النص: ar أو en أو ثلاثة أحرف مثل kmr.",
    "failure.script": "هذا ليس نصًا يمكن قراءته ({where}).",
    "failure.script.code": "رمز النص أحرف لاتينية وأرقام ونقطة وشرطة، حتى 64. أعطه بالخيار --code.",
    "failure.script.language": "اللغة ar أو en أو ثلاثة أحرف صغيرة مثل kmr.",
    "failure.script.limit": "النص أطول من 64 KiB.",
    "failure.script.not-utf-8": "النص ليس UTF-8. احفظه بصيغة UTF-8 وحاول ثانية.",
    "failure.script.not-plain-text": "يجب أن يكون النص أسطرًا بسيطة: غير فارغ، آخر سطر فيه منتهٍ، بلا علامات جدولة ولا نهايات أسطر Windows ولا علامة ترتيب البايتات ولا علامات تقلب الاتجاه.",
    "failure.policy.script-code-taken": "يوجد هنا نص آخر بالرمز {where}. أعطِ النص المعدَّل رمزًا جديدًا، كالرقم التالي.",
    "failure.policy.too-many-scripts": "في هذه الخزنة نصوص أكثر مما ينبغي.",
    "failure.not-found.script": "لا نص بهذا الرمز هنا. يعرض الأمر testimony script list ما يمكن قراءته.",
}
