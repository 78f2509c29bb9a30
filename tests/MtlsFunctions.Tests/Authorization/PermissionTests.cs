using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

public sealed class PermissionTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private readonly Verifier verifier = shared.Plain;

    [Theory]
    [InlineData("", Permission.None)]
    [InlineData("MTLS_READ_INTERNAL", Permission.Read)]
    [InlineData("MTLS_FORWARD", Permission.Forward)]
    [InlineData("mtls.external", Permission.Forward)]
    [InlineData("MTLS_WRITE_INTERNAL", Permission.Write)]
    [InlineData("MTLS_READ_INTERNAL MTLS_FORWARD", Permission.Read | Permission.Forward)]
    [InlineData("openid MTLS_READ_INTERNAL profile", Permission.Read)]
    [InlineData("MTLS_READ_INTERNAL MTLS_READ_INTERNAL", Permission.Read)]
    [InlineData("mtls_write_internal Mtls_Forward MTLS.EXTERNAL", Permission.None)]
    [InlineData("MTLS_WRITE_INTERNAL_X XMTLS_WRITE_INTERNAL MTLS_WRITE", Permission.None)]
    [InlineData("Write 4 7 None", Permission.None)]
    public void Names_grant_exactly_what_they_name(string names, Permission granted) => Assert.Equal(granted, Permissions.Parse(names.Split(' ')));

    [Theory]
    [InlineData(Permission.None, Permission.Read, false)]
    [InlineData(Permission.None, Permission.Read | Permission.Forward, false)]
    [InlineData(Permission.None, Permission.None, false)]
    [InlineData(Permission.Read, Permission.Read, true)]
    [InlineData(Permission.Read, Permission.Forward, false)]
    [InlineData(Permission.Read, Permission.Write, false)]
    [InlineData(Permission.Read, Permission.Read | Permission.Forward, true)]
    [InlineData(Permission.Forward, Permission.Forward, true)]
    [InlineData(Permission.Forward, Permission.Read, false)]
    [InlineData(Permission.Forward, Permission.Write, false)]
    [InlineData(Permission.Forward, Permission.Read | Permission.Forward, true)]
    [InlineData(Permission.Read | Permission.Forward, Permission.Write, false)]
    [InlineData(Permission.Write, Permission.Read, true)]
    [InlineData(Permission.Write, Permission.Forward, true)]
    [InlineData(Permission.Write, Permission.Write, true)]
    public async Task One_of_the_needed_permissions_is_enough_and_write_always_is(Permission granted, Permission anyOf, bool may)
    {
        var caller = await verifier.AdmitsAsync(verifier.Token());

        Assert.Equal(may, (caller with { Granted = granted }).May(anyOf));
    }
}
