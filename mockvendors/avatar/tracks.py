"""How tracks are published, with what the installed `livekit` knows."""

from livekit import rtc

_KILOBITS_A_PIXEL = 3.0e-3
"""A flat picture with a sharp strip; 1152x768 gets 2.7 Mbit/s, so that the codec never starves the strip."""


def video_options(width: int, height: int, fps: float, *, simulcast: bool) -> rtc.TrackPublishOptions:
    """Return options for a camera track of that size (pixels) that keeps its resolution."""
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        simulcast=simulcast,
        video_codec=rtc.VideoCodec.VP8,
        video_encoding=rtc.VideoEncoding(
            max_framerate=fps, max_bitrate=max(500_000, int(width * height * _KILOBITS_A_PIXEL * 1000))
        ),
    )
    if "degradation_preference" in options.DESCRIPTOR.fields_by_name:  # livekit before 1.1.12 or so lacks it
        options.degradation_preference = rtc.DegradationPreference.MAINTAIN_RESOLUTION.value
    return options


def audio_options() -> rtc.TrackPublishOptions:
    """Return options for a voice track that is sent even while silent, so that its timing stays exact."""
    return rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=False)
