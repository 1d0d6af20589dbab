"""What is said when a picture cannot be kept."""

from sijinak.web.i18n import N_
from sijinak.web.messages import MESSAGES

MESSAGES.update(
    {
        "not-a-picture": N_("This file is not a picture. Choose a photo (JPEG, PNG or WebP)."),
        "picture-too-large": N_(
            "The picture is larger than %(most)s MB. Take it again with a smaller size."
        ),
        "picture-too-many-pixels": N_(
            "The picture has more than %(most)s million pixels. Take it again with a smaller size."
        ),
        "paper-too-large": N_(
            "The PDF is larger than %(most)s MB. Save it smaller, or photograph it."
        ),
        "paper-damaged": N_("The PDF is damaged or not complete. Save it again."),
        "paper-empty": N_("The file is empty. Choose it again."),
        "picture-damaged": N_("The picture is damaged and cannot be read. Take it again."),
        "picture-heic": N_(
            "This phone saved the photo as HEIC, which cannot be read here. Send it as JPEG: choose"
            " “most compatible” in the settings of the camera."
        ),
    }
)
