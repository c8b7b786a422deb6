"""How tracks are published, with what the installed `livekit` knows."""

from inspect import signature

from livekit import rtc

_BITS_A_PIXEL = 3
"""Each second; 1152x768 gets 2.7 Mbit/s, so that the codec never starves the sharp strip."""
_LEAST_BITS = 500_000

_KEEPS_RESOLUTION = "degradation_preference" in rtc.TrackPublishOptions.DESCRIPTOR.fields_by_name
"""False with livekit 1.1.8, which would send a quarter of the size until it trusts the network."""


def video_source(width: int, height: int) -> rtc.VideoSource:
    """Return a source whose resolution is kept; where that is no option of the track, as a screen's is."""
    if _KEEPS_RESOLUTION or "is_screencast" not in signature(rtc.VideoSource).parameters:
        return rtc.VideoSource(width, height)
    return rtc.VideoSource(width, height, is_screencast=True)


def video_options(width: int, height: int, fps: float, *, simulcast: bool) -> rtc.TrackPublishOptions:
    """Return options for a camera track of that size (pixels) that keeps its resolution."""
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        simulcast=simulcast,
        video_codec=rtc.VideoCodec.VP8,
        video_encoding=rtc.VideoEncoding(max_framerate=fps, max_bitrate=max(_LEAST_BITS, width * height * _BITS_A_PIXEL)),
    )
    if _KEEPS_RESOLUTION:
        options.degradation_preference = rtc.DegradationPreference.MAINTAIN_RESOLUTION.value
    return options


def audio_options() -> rtc.TrackPublishOptions:
    """Return options for a voice track that is sent even while silent, so that its timing stays exact."""
    return rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=False)
