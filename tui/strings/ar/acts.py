"""Arabic: printing, discarding, and what else only the command line does with records."""

from typing import Final

ACTS: Final[dict[str, str]] = {
    "command.discard.line": "محو مقابلة لم تُنهَ.",
    "command.discard.help": "محو مقابلة لم تُنهَ والملفات التي ليست إلا لها. لا يمكن استرجاع شيء منها، ويبقى رقمها في سجل الحيازة.",
    "command.discard.done": "مُحيت {record_id}. يبقى في سجل الحيازة رقمها وأنها مُحيت.",
    "command.print.line": "كتابة نسخة القراءة من سجل لتُطبع على ورق.",
    "command.print.help": "كتابة نسخة القراءة من سجل واحد لجهة في ملف نصي للطباعة، وفي أعلاها الشروط. تخضع للموافقة نفسها التي تخضع لها الحزمة، ويُكتب في سجل الحيازة أنها طُبعت.",
    "command.option.print-out": "الملف النصي الجديد. ليس مشفّراً: اطبعه ثم احذفه.",
    "command.print.done": "نسخة القراءة في {path}. ليست مشفّرة: اطبعها ثم احذف الملف.",
    "command.contact-remove.line": "حذف جهة اتصال.",
    "command.contact-remove.help": "حذف جهة اتصال: لا يُختم لها شيء بعد ذلك. يبقى ما جرى تبادله. وإضافتها من جديد تحتاج إلى مقارنة جديدة.",
    "command.contact-remove.done": "لم تعد {code} جهة اتصال.",
    "command.option.kept": "كتابة أن رأس سجل الحيازة محفوظ خارجه وأين، رمزاً مثل paper.",
    "command.option.derived-from": "رقم المرفق في هذه المقابلة، ابتداءً من 1، الذي صُنع منه هذا الملف ويخرج بدلاً منه. الصور والصوت والفيديو تبقى على كل حال: أعط ما رُوجع منها نوعاً آخر.",
    "command.option.method": "طريقة صنعه، رمزاً مثل faces-blurred.",
    "command.attach.both": "أعط --derived-from و--method معاً.",
    "failure.policy.one-record": "يُطبع سجل واحد في كل مرة.",
    "failure.not-found.exhibit": "لا يوجد مرفق كهذا في هذه المقابلة.",
}
