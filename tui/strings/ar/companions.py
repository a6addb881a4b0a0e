"""Arabic: translations, transcripts and observations."""

from typing import Final

COMPANIONS: Final[dict[str, str]] = {
    "command.translate.line": "إضافة ترجمة إلى سجل.",
    "command.translate.help": "إضافة ترجمة لسجل مُنهى من ملف JSON: اللغة ورمز المترجم وطريقة العمل، وفقرة لكل فقرة من السجل. "
    "تُوقَّع ترجمةً لا كلاماً للشاهد، ولا تخرج إلا مع سجلها.",
    "command.transcribe.line": "إضافة تفريغ لمرفق.",
    "command.transcribe.help": "إضافة تفريغ لمرفق واحد من سجل مُنهى من ملف JSON. يُوقَّع تفريغاً ولا يخرج إلا مع ذلك المرفق.",
    "command.observe.line": "إضافة ملاحظتك إلى سجل.",
    "command.observe.help": "إضافة ملاحظة المُقابِل إلى سجل مُنهى من ملف JSON. تُوقَّع ملاحظةً ولا تخرج من هذه الخزنة أبداً.",
    "command.option.translate-from": "ملف JSON الذي فيه الترجمة.",
    "command.option.transcribe-from": "ملف JSON الذي فيه التفريغ.",
    "command.option.observe-from": "ملف JSON الذي فيه الملاحظة.",
    "command.translate.done": "وُقّعت الترجمة {companion_id} للسجل {record_id} برقم {control_number}.",
    "command.transcribe.done": "وُقّع التفريغ {companion_id} للسجل {record_id} برقم {control_number}.",
    "command.observe.done": "وُقّعت الملاحظة {companion_id} على السجل {record_id} برقم {control_number}. لا تخرج من هذه الخزنة أبداً.",
    "command.companion.not-added": "لم يُضَف شيء. أصلح هذه المواضع في الملف ثم حاول مجدداً.",
    "command.show.translation": "{companion_id}، {control_number}: ترجمة السجل {record_id}، النسخة {version}، إلى اللغة {spoken}",
    "command.show.transcript": "{companion_id}، {control_number}: تفريغ مرفق من السجل {record_id}، النسخة {version}، باللغة {spoken}",
    "command.show.observation": "{companion_id}، {control_number}: ملاحظة المُقابِل على السجل {record_id}، النسخة {version}؛ لا تخرج أبداً",
    "problem.one-a-source-paragraph": "للترجمة فقرة واحدة لكل فقرة من سجلها.",
    "problem.no-such-exhibit": "لا مرفق في السجل بهذا الرقم.",
    "problem.no-such-person": "لا أحد في السجل بهذا الرمز. انظر في رموز السجل.",
    "problem.other-source": "هذا الملف يتبع سجلاً آخر أو نسخة أخرى.",
}
